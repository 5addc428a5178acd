package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuStrongestKernels implements StrongestKernels {
    private final CpuKernels kernels;

    CpuStrongestKernels(CpuKernels kernels) {
        this.kernels = kernels;
    }

    private static long[] descriptor(Pins pins, Partners partners, Rows rows) {
        return new long[] {
            pins.of(partners.partners()),
            pins.of(partners.counts()),
            pins.of(partners.least()),
            partners.most(),
            partners.partners().columns(),
            partners.sign().ordinal(),
            Double.doubleToRawLongBits(partners.error()),
            rows.first(),
            rows.count()
        };
    }

    @Override
    public Compared add(Partners partners, Rows rows, LayerView layer, Matrix pairs, Matrix values, long count) {
        long[] compared = {0, 0};
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_strongest_add(
                    kernels.context(),
                    descriptor(pins, partners, rows),
                    compared,
                    CpuKernels.descriptor(pins, layer),
                    pins.of(pairs),
                    pins.of(values),
                    count));
        }
        return new Compared(compared[0], compared[1]);
    }

    @Override
    public Compared settle(Partners partners, Rows rows, LayerView layer) {
        long[] compared = {0, 0};
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_strongest_settle(
                    kernels.context(), descriptor(pins, partners, rows), compared, CpuKernels.descriptor(pins, layer)));
        }
        return new Compared(compared[0], compared[1]);
    }

    @Override
    public void collect(Matrix indices, Matrix values, Matrix rowStart, Partners partners, Rows rows) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_strongest_collect(
                    kernels.context(),
                    pins.of(indices),
                    pins.of(values),
                    pins.of(rowStart),
                    descriptor(pins, partners, rows)));
        }
    }
}

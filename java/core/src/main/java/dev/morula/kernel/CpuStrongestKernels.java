package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

import java.util.Arrays;

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
    public Added add(Partners partners, Rows rows, Matrix pairs, Matrix values, long next, long count) {
        long[] reached = {next};
        long[] full = {-1};
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_strongest_add(
                    kernels.context(),
                    descriptor(pins, partners, rows),
                    reached,
                    full,
                    pins.of(pairs),
                    pins.of(values),
                    count));
        }
        return new Added(reached[0], full[0]);
    }

    @Override
    public int[] contenders(Partners partners, long neuron) {
        int[] contenders = new int[Math.toIntExact(partners.partners().columns())];
        long[] count = {0};
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_strongest_contenders(
                    kernels.context(), contenders, count, descriptor(pins, partners, new Rows(neuron, 1)), neuron));
        }
        return Arrays.copyOf(contenders, (int) count[0]);
    }

    @Override
    public Compared decide(Partners partners, long neuron, LayerView layer, int[] neurons) {
        long[] compared = {0, 0};
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_strongest_decide(
                    kernels.context(),
                    descriptor(pins, partners, new Rows(neuron, 1)),
                    compared,
                    CpuKernels.descriptor(pins, layer),
                    neurons,
                    neurons == null ? 0 : neurons.length,
                    neuron));
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

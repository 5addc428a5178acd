package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Kernels.Side;

/** Forwards to the CPU library. */
final class CpuScreenKernels implements ScreenKernels {
    private final CpuKernels kernels;

    CpuScreenKernels(CpuKernels kernels) {
        this.kernels = kernels;
    }

    /** {@code rows}: where the basis has its rows. */
    static long[] descriptor(long rows, Basis basis) {
        return new long[] {rows, basis.rank(), basis.stored(), Double.doubleToRawLongBits(basis.deviation())};
    }

    static long[] descriptor(Screen screen, long stride) {
        return new long[] {
            screen.rank(),
            stride,
            screen.sense() == Sense.NEGATED_CORRELATION ? 1 : 0,
            Double.doubleToRawLongBits(screen.deviation()),
            Double.doubleToRawLongBits(screen.projectionError())
        };
    }

    static long[] descriptor(Pins pins, Slots slots) {
        long address = pins.of(slots.slots()) + slots.from() * Integer.BYTES;
        return new long[] {address, slots.first(), slots.count()};
    }

    @Override
    public void standardise(Matrix rows, LayerView layer, Slots slots, long firstSample) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_standardise_piece(
                    kernels.context(),
                    pins.of(rows),
                    CpuKernels.descriptor(pins, layer),
                    descriptor(pins, slots),
                    firstSample,
                    rows.columns()));
        }
    }

    @Override
    public void addGram(Matrix gram, Matrix piece, long firstRow, long rows) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_gram_add(
                    kernels.context(), pins.of(gram), pins.of(piece), firstRow, rows, gram.columns()));
        }
    }

    @Override
    public long principal(Matrix weights, Matrix gram) {
        long[] found = {0};
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_principal(
                    kernels.context(), pins.of(weights), found, pins.of(gram), gram.rows(), weights.rows()));
        }
        return found[0];
    }

    @Override
    public void combine(Matrix basis, Matrix weights, Matrix piece) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_combine(
                    kernels.context(),
                    pins.of(basis),
                    pins.of(weights),
                    pins.of(piece),
                    weights.rows(),
                    weights.columns()));
        }
    }

    @Override
    public double[] orthonormalise(Matrix basis, long rank) {
        double[] deviations = new double[Math.toIntExact(rank)];
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_orthonormalise(
                    kernels.context(), pins.of(basis), deviations, rank, basis.rows() / rank));
        }
        return deviations;
    }

    @Override
    public void project(Matrix projections, Matrix workspace, LayerView layer, Slots slots, Basis basis) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_project(
                    kernels.context(),
                    pins.of(projections),
                    pins.of(workspace),
                    CpuKernels.descriptor(pins, layer),
                    descriptor(pins, slots),
                    descriptor(pins.ofNullable(basis.rows()), basis),
                    projections.rows()));
        }
    }

    @Override
    public double projectionError(Basis basis, long samples) {
        try (Pins pins = new Pins()) {
            return MorulaLibrary.morula_projection_error(descriptor(pins.ofNullable(basis.rows()), basis), samples);
        }
    }

    @Override
    public double screenRows(Matrix rows, Matrix projections, Screen screen, Side side) {
        double[] largest = {0};
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_screen_rows(
                    kernels.context(),
                    pins.of(rows),
                    largest,
                    pins.of(projections),
                    descriptor(screen, projections.columns()),
                    rows.rows(),
                    side.ordinal()));
        }
        return largest[0];
    }

    @Override
    public void packRows(Matrix panel, Matrix rows, Side side) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_pack_rows(
                    kernels.context(), pins.of(panel), pins.of(rows), rows.rows(), rows.columns(), side.ordinal()));
        }
    }

    @Override
    public double screenBound(Screen screen, double largest) {
        return MorulaLibrary.morula_screen_bound(kernels.context(), descriptor(screen, 0), largest);
    }

    @Override
    public void refine(Matrix sums, Matrix pairs, long count, Matrix rows) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_refine(
                    kernels.context(), pins.of(sums), pins.of(pairs), count, pins.of(rows), rows.columns()));
        }
    }

    @Override
    public double refineBound(long samples) {
        return MorulaLibrary.morula_refine_bound(samples);
    }

    @Override
    public Sifted sift(
            Matrix pairs, Matrix values, Matrix open, Matrix sums, long count, Selection selection, double bound) {
        long[] counts = {count, 0};
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_sift(
                    kernels.context(),
                    pins.of(pairs),
                    pins.of(values),
                    pins.of(open),
                    counts,
                    pins.of(sums),
                    CpuKernels.descriptor(pins, selection),
                    bound));
        }
        return new Sifted(counts[0], counts[1]);
    }
}

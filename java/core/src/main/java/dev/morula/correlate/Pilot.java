package dev.morula.correlate;

import dev.morula.correlate.CorrelationPlan.Method;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.ScreenKernels;
import dev.morula.kernel.ScreenKernels.Basis;
import dev.morula.kernel.ScreenKernels.Screen;
import dev.morula.kernel.ScreenKernels.Sense;
import dev.morula.kernel.ScreenKernels.Slots;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Random;
import java.util.stream.IntStream;

/** Tries, on the pairs of a few neurons, what ways of ruling pairs out would take for all of them. */
final class Pilot implements AutoCloseable {
    private static final int ROUNDS = 3;
    private static final int PROJECTED = 128; // neurons a thread projects at a time
    private static final int TIMED = 64; // neurons whose projection is timed
    private static final int REFINED = 2048; // candidates whose refinement is timed

    private final StandardisedLayer layer;
    private final CorrelationQuery query;
    private final Kernels kernels;
    private final Workers workers;
    private final Positions positions;
    private final Matrix thresholds;
    private final int left;
    private final int right;
    private final double neurons;
    private final double pairs;
    private final double standardiseSeconds;
    private final double refineSeconds;

    /**
     * Tries the pairs of {@code sample} on behalf of {@code pairs} pairs of {@code neurons} neurons; {@code thresholds} are
     * null, or those that its neurons have beside that of the query.
     */
    Pilot(
            NeuronSample sample,
            double[] thresholds,
            long neurons,
            long pairs,
            CorrelationQuery query,
            Kernels kernels,
            Workers workers) {
        this.left = (int) Math.min(sample.left(), kernels.panelSizes().left());
        this.right = (int) Math.min(sample.right(), kernels.panelSizes().right());
        int[] others = IntStream.concat(IntStream.range(0, left), IntStream.range(sample.left(), sample.left() + right))
                .map(i -> sample.basis() + i)
                .toArray();
        this.layer = sample.layer().excerpt(others, kernels);
        this.positions = Positions.all(left + right);
        this.thresholds = thresholds == null ? null : Matrix.allocate(ElementType.F64, 1, others.length);
        if (thresholds != null) {
            double[] some = IntStream.of(others).mapToDouble(i -> thresholds[i]).toArray();
            this.thresholds.write(0, some, 0, some.length);
        }
        this.query = query;
        this.kernels = kernels;
        this.workers = workers;
        this.neurons = neurons;
        this.pairs = pairs;
        double pieces = Math.ceil((double) layer.samples() / ScreenKernels.PIECE);
        try (Matrix rows = Matrix.allocate(ElementType.F32, positions.count(), ScreenKernels.PIECE)) {
            this.standardiseSeconds = pieces * seconds(() -> standardise(rows)) / positions.count();
            this.refineSeconds = pieces * secondsToRefine(rows) / REFINED;
        }
    }

    private void standardise(Matrix rows) {
        Slots slots = new Slots(positions.list(), 0, 0, positions.count());
        kernels.screen().standardise(rows, layer.view(), slots, 0);
    }

    private double secondsToRefine(Matrix rows) {
        try (Matrix pairs = Matrix.allocate(ElementType.I64, 1, REFINED);
                Matrix sums = Matrix.allocate(ElementType.F64, 1, REFINED)) {
            Random random = new Random(1);
            long[] drawn = random.longs(REFINED, 0, (long) left * right)
                    .sorted()
                    .map(pair -> pair / right << 32 | left + pair % right)
                    .toArray();
            pairs.write(0, drawn, 0, REFINED);
            return seconds(() -> {
                kernels.screen().refine(sums, pairs, REFINED, rows);
                waitFor(sums);
            });
        }
    }

    /** Until it has been computed: a device goes on when a call of its kernels has returned. */
    private static void waitFor(Matrix matrix) {
        matrix.readBytes(0, new byte[matrix.type().bytes()], 1);
    }

    /** What {@code work} takes: the fastest of some rounds, since whatever else runs only makes it slower. */
    private static double seconds(Runnable work) {
        double fastest = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            work.run();
            fastest = Math.min(fastest, (System.nanoTime() - start) * 1e-9);
        }
        return fastest;
    }

    /** Products over all samples. */
    Estimate brute() {
        PackedRows rows = new LayerRows(layer, positions, query.threshold(), query.sign(), kernels);
        Trial trial = Trial.of(rows, thresholds, left, right, kernels);
        return estimate(Method.BRUTE, 0, trial, 0);
    }

    /** Projections of the pilot's neurons on a basis, from which any smaller rank can be tried. */
    final class Projected implements AutoCloseable {
        private final Method method;
        private final Matrix projections;

        Projected(Method method, Basis basis) {
            this.method = method;
            this.projections = Matrix.allocate(ElementType.F32, positions.count(), basis.rank());
            int parts = Math.max(1, positions.count() / PROJECTED);
            workers.forEach(parts, (part, worker) -> {
                int first = positions.count() * (int) part / parts;
                int rows = positions.count() * ((int) part + 1) / parts - first;
                project(projections.slice(first, rows), first, basis);
            });
        }

        private void project(Matrix target, int first, Basis basis) {
            try (Matrix workspace = Matrix.allocate(ElementType.F32, target.rows(), ScreenKernels.PIECE)) {
                Slots slots = new Slots(positions.list(), 0, first, target.rows());
                kernels.screen().project(target, workspace, layer.view(), slots, basis);
            }
        }

        /** What {@code basis}, the first directions of that given at first, would take and leave. */
        Estimate screened(Basis basis) {
            double error = kernels.screen().projectionError(basis, layer.samples());
            Screen screen = new Screen(basis.rank(), basis.deviation(), error, Sense.CORRELATION);
            int[] all = IntStream.range(0, positions.count()).toArray();
            PackedRows rows = new ScreenRows(projections, all, screen, query.threshold(), query.sign(), kernels);
            Trial trial = Trial.of(rows, thresholds, left, right, kernels);
            return estimate(method, (int) basis.rank(), trial, secondsToProject(basis));
        }

        /** What a neuron takes: not in proportion to the rank, since its samples are read and standardised for any. */
        private double secondsToProject(Basis basis) {
            int some = Math.min(TIMED, positions.count());
            try (Matrix target = Matrix.allocate(ElementType.F32, some, basis.rank())) {
                return seconds(() -> {
                            project(target, 0, basis);
                            waitFor(target);
                        })
                        / some;
            }
        }

        @Override
        public void close() {
            projections.close();
        }
    }

    private Estimate estimate(Method method, int rank, Trial trial, double projectSeconds) {
        double survivors = pairs * trial.found();
        double perThread = 1.0 / workers.count();
        double groups = method == Method.BRUTE
                ? Math.max(
                        1,
                        neurons
                                / 2
                                / (kernels.panelSizes().left()
                                        * kernels.panelSizes().leftPanels()))
                : 1; // right panels are packed once for a group of left ones
        double pass = perThread * neurons * standardiseSeconds;
        return new Estimate(
                method,
                rank,
                perThread * neurons * projectSeconds,
                perThread * (pairs * trial.tileSeconds() + neurons * groups * trial.packSeconds()),
                perThread * survivors * refineSeconds + pass,
                pass,
                survivors);
    }

    @Override
    public void close() {
        positions.close();
        if (thresholds != null) {
            thresholds.close();
        }
        layer.close();
    }
}

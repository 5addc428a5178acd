package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.ScreenKernels;
import dev.morula.kernel.ScreenKernels.Basis;
import dev.morula.kernel.ScreenKernels.Slots;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;

/** The directions in which a sample of a layer's neurons varies most, strongest first. */
final class PrincipalBasis implements AutoCloseable {
    private static final int GRAM_ROWS = 128; // a part of parallel work

    private final Matrix rows;
    private final double[] deviations;

    private PrincipalBasis(Matrix rows, double[] deviations) {
        this.rows = rows;
        this.deviations = deviations;
    }

    /** Bytes that finding {@code rank} directions among {@code neurons} takes. */
    static long bytes(long neurons, long samples, long rank) {
        long pieces = (samples + ScreenKernels.PIECE - 1) / ScreenKernels.PIECE;
        long perPiece = (neurons + 2 * rank) * ScreenKernels.PIECE * Float.BYTES;
        return pieces * perPiece + (2 * neurons + 4 * rank) * neurons * Float.BYTES;
    }

    /** Finds up to {@code rank} directions; fewer, if the first {@code neurons} neurons of the layer span no more. */
    static PrincipalBasis of(StandardisedLayer layer, int neurons, int rank, Kernels kernels, Workers workers) {
        int pieces = Math.toIntExact((layer.samples() + ScreenKernels.PIECE - 1) / ScreenKernels.PIECE);
        try (Matrix sample = Matrix.allocate(ElementType.F32, (long) pieces * neurons, ScreenKernels.PIECE);
                Matrix weights = Matrix.allocate(ElementType.F32, rank, neurons)) {
            standardise(sample, layer, neurons, kernels, workers);
            long found = principal(weights, sample, pieces, kernels, workers);
            Matrix basis = Matrix.allocate(ElementType.F32, pieces * found, ScreenKernels.PIECE);
            try {
                workers.forEach(pieces, (piece, worker) -> kernels.screen()
                        .combine(
                                basis.slice(piece * found, found),
                                weights.slice(0, found),
                                sample.slice(piece * neurons, neurons)));
                return new PrincipalBasis(basis, kernels.screen().orthonormalise(basis, found));
            } catch (RuntimeException | Error e) {
                basis.close();
                throw e;
            }
        }
    }

    private static void standardise(
            Matrix sample, StandardisedLayer layer, int neurons, Kernels kernels, Workers workers) {
        Slots slots = Slots.all(neurons);
        try {
            workers.forEach(sample.rows() / neurons, (piece, worker) -> kernels.screen()
                    .standardise(
                            sample.slice(piece * neurons, neurons), layer.view(), slots, piece * ScreenKernels.PIECE));
        } finally {
            slots.slots().close();
        }
    }

    private static long principal(Matrix weights, Matrix sample, int pieces, Kernels kernels, Workers workers) {
        long neurons = weights.columns();
        try (Matrix gram = Matrix.allocate(ElementType.F32, neurons, neurons)) {
            workers.forEach((neurons + GRAM_ROWS - 1) / GRAM_ROWS, (part, worker) -> {
                long first = part * GRAM_ROWS;
                long count = Math.min(GRAM_ROWS, neurons - first);
                for (long piece = 0; piece < pieces; piece++) {
                    kernels.screen().addGram(gram, sample.slice(piece * neurons, neurons), first, count);
                }
            });
            return kernels.screen().principal(weights, gram);
        }
    }

    /** How many directions there are. */
    int rank() {
        return deviations.length;
    }

    /** The first {@code rank} of them. */
    Basis first(int rank) {
        return new Basis(rows, rank, deviations.length, deviations[rank - 1]);
    }

    @Override
    public void close() {
        rows.close();
    }
}

package dev.morula.kernel;

import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Kernels.Side;

/**
 * Kernels that rule most pairs out by products of few numbers which are never below a correlation, and that refine the
 * pairs left. morula.h and native/src/correlate/README.md say what is bounded, and how. Samples come in pieces: of a
 * neuron's row, {@link #PIECE} samples or a multiple, zero beyond the last. All matrices are F32 unless said otherwise.
 */
public interface ScreenKernels {
    /** Samples of a piece. */
    int PIECE = 256;

    /** Numbers of a screen row beside the projection. */
    int FOLDED = 3;

    /**
     * Orthonormal directions in the space of samples.
     *
     * @param rows pieces of {@code stored} x {@link #PIECE}, one below the other; null for the first {@code rank} samples
     *     themselves
     * @param rank how many of the directions are used
     * @param stored how many directions a piece holds
     * @param deviation how far those used are from orthonormal: a bound on norm_F(V^T V - I)
     */
    record Basis(Matrix rows, long rank, long stored, double deviation) {
        /** The first {@code rank} samples as directions: exactly orthonormal, and free. */
        public static Basis coordinates(long rank) {
            return new Basis(null, rank, rank, 0);
        }
    }

    /**
     * How screen rows are made of projections.
     *
     * @param rank how many numbers of a projection are used
     * @param deviation that of the basis
     * @param projectionError the largest norm of a computed projection minus the real one
     * @param sense whether products bound the correlation or its negative
     */
    record Screen(long rank, double deviation, double projectionError, Sense sense) {
        /** Numbers of a screen row. */
        public long columns() {
            return rank + FOLDED;
        }
    }

    /** What a product of screen rows is a bound on. */
    enum Sense {
        CORRELATION,
        NEGATED_CORRELATION
    }

    /** How many of the sifted pairs are edges, and how many are open. */
    record Sifted(long edges, long open) {}

    /**
     * Standardised rows, from {@code firstSample} on.
     *
     * @param rows count x a multiple of {@link #PIECE}
     * @param neurons I32, 1 x count; the row of -1 is left as it is
     */
    void standardise(Matrix rows, LayerView layer, Matrix neurons, long firstSample);

    /** Adds {@code piece piece^T} (neurons x {@link #PIECE}) to some rows of {@code gram}, up to the diagonal. */
    void addGram(Matrix gram, Matrix piece, long firstRow, long rows);

    /**
     * The strongest directions of a Gram matrix as combinations of its neurons.
     *
     * @param weights the most that are wanted x neurons, strongest first
     * @param gram neurons x neurons; overwritten
     * @return how many there are
     */
    long principal(Matrix weights, Matrix gram);

    /** {@code basis} (rank x PIECE) = {@code weights} (rank x neurons) times {@code piece} (neurons x PIECE). */
    void combine(Matrix basis, Matrix weights, Matrix piece);

    /** Makes the rows of {@code basis}, pieces of rank x PIECE, orthonormal; returns the deviation of the first 1..rank. */
    double[] orthonormalise(Matrix basis, long rank);

    /**
     * Projections of standardised rows.
     *
     * @param projections count x rank
     * @param workspace count x PIECE
     * @param neurons I32, 1 x count
     */
    void project(Matrix projections, Matrix workspace, LayerView layer, Matrix neurons, Basis basis);

    /** The largest norm of a computed projection minus the real one. */
    double projectionError(Basis basis, long samples);

    /**
     * Screen rows, in numbers that the tile product takes without rounding.
     *
     * @param rows count x {@link Screen#columns()}
     * @param projections count x at least {@code screen.rank()}
     * @return the largest square of a row's norm
     */
    double screenRows(Matrix rows, Matrix projections, Screen screen, Side side);

    /** Packs {@code rows}, which the tile product takes without rounding, into {@code panel}. */
    void packRows(Matrix panel, Matrix rows, Side side);

    /** What a computed product of screen rows may be below the correlation; {@code largest} as {@link #screenRows}. */
    double screenBound(Screen screen, double largest);

    /**
     * Adds the products of some candidates over a piece of the samples to {@code sums}.
     *
     * @param sums F64, 1 x at least {@code from + count}
     * @param pairs I64, left position * 2^32 + right position
     * @param rows positions x a multiple of PIECE
     */
    void refine(Matrix sums, Matrix pairs, long count, Matrix rows);

    /** Bound on the difference between a refined sum and the real correlation. */
    double refineBound(long samples);

    /**
     * Sifts the first {@code count} refined candidates: {@code pairs} and {@code values} keep the edges, as {@link
     * Kernels#decide} returns them; {@code open} (I64) gets those whose sum is within {@code bound} of the threshold.
     */
    Sifted sift(Matrix pairs, Matrix values, Matrix open, Matrix sums, long count, Selection selection, double bound);
}

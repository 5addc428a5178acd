package dev.morula.kernel;

import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Kernels.Side;
import java.util.stream.IntStream;

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

    /**
     * Neurons side by side, and where what is made of each goes.
     *
     * @param slots I32: for neuron {@code first + k} element {@code from + k} names its row; -1 for none
     */
    record Slots(Matrix slots, long from, long first, long count) {
        /** All neurons of a layer of {@code count}, each to the row of its number. The caller closes the matrix. */
        public static Slots all(int count) {
            Matrix slots = Matrix.allocate(ElementType.I32, 1, count);
            slots.write(0, IntStream.range(0, count).toArray(), 0, count);
            return new Slots(slots, 0, 0, count);
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
     * Standardised rows of some neurons, from {@code firstSample} on.
     *
     * @param rows any number x a multiple of {@link #PIECE}; neuron {@code first + k} goes to row {@code slots[k]}
     * @param layer in either order; sample-major only with elements of 2 or 4 bytes
     */
    void standardise(Matrix rows, LayerView layer, Slots slots, long firstSample);

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
     * Projections of the standardised rows of some neurons.
     *
     * @param projections rows x rank; neuron {@code first + k} goes to row {@code slots[k]}, and every row is used
     * @param workspace at least as many rows x PIECE; a GPU has its own
     * @param layer in either order; sample-major only with elements of 2 or 4 bytes
     */
    void project(Matrix projections, Matrix workspace, LayerView layer, Slots slots, Basis basis);

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

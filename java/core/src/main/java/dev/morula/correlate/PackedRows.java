package dev.morula.correlate;

import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.ScreenKernels.Sense;
import dev.morula.kernel.Sign;
import java.util.List;

/** Rows of numbers, one a position, whose products rule pairs out. */
interface PackedRows {
    /** Numbers of a row. */
    long columns();

    /** Bytes that packing a row takes, beside the panel. */
    long packingBytes();

    /** What left rows have to be packed for: a pair is ruled out when the products of all of them are below the cut. */
    List<Sense> senses();

    /** Whether products are compared with the cut as they are, or their absolute values. */
    Sign sign();

    /** Packs {@code rows} rows from {@code position} on into {@code panel}; returns what {@link #cut} wants to know. */
    double pack(Matrix panel, long position, long rows, Side side, Sense sense);

    /** No pair whose product is below this can be an edge, given what packing its panels returned. */
    double cut(double left, double right);
}

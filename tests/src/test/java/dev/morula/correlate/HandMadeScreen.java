package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Panel;
import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.Kernels.Tile;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.ScreenKernels.Screen;
import dev.morula.kernel.ScreenKernels.Sense;
import dev.morula.kernel.Sign;
import java.util.Arrays;

/** The screen as a search uses it, on projections that a test makes up, so that they can be as wrong as is allowed. */
final class HandMadeScreen {
    private final Kernels kernels;
    private final double deviation;
    private final double error;

    /** A basis that is {@code deviation} from orthonormal, and projections that are {@code error} from the real ones. */
    HandMadeScreen(Kernels kernels, double deviation, double error) {
        this.kernels = kernels;
        this.deviation = deviation;
        this.error = error;
    }

    /** Whether two neurons with these projections may still have a correlation of {@code threshold}. */
    boolean keeps(double[] left, double[] right, double threshold) {
        return keeps(left, right, threshold, Sign.SIGNED);
    }

    boolean keeps(double[] left, double[] right, double threshold, Sign sign) {
        try (Matrix projections = Matrix.of(new float[][] {floats(left), floats(right)})) {
            PackedRows rows =
                    new ScreenRows(projections, new int[] {0, 1}, screen(left.length), threshold, sign, kernels);
            return survivors(rows) > 0;
        }
    }

    /** How many of the pair of positions 0 and 1 are listed: none or one. */
    private long survivors(PackedRows rows) {
        try (Matrix left = bytes(kernels.packedBytes(Side.LEFT, 1, rows.columns()));
                Matrix negated = bytes(kernels.packedBytes(Side.LEFT, 1, rows.columns()));
                Matrix right = bytes(kernels.packedBytes(Side.RIGHT, 1, rows.columns()));
                Matrix workspace = bytes(kernels.tileWorkspaceBytes());
                Matrix pairs = Matrix.allocate(ElementType.I64, 1, 2)) {
            double leftError = rows.pack(left, 0, 1, Side.LEFT, Sense.CORRELATION);
            double rightError = rows.pack(right, 1, 1, Side.RIGHT, Sense.CORRELATION);
            boolean both = rows.senses().size() > 1;
            if (both) {
                rows.pack(negated, 0, 1, Side.LEFT, Sense.NEGATED_CORRELATION);
            }
            Tile tile = new Tile(
                    new Panel(left, 0, 1, leftError),
                    both ? negated : null,
                    new Panel(right, 1, 1, rightError),
                    rows.columns(),
                    rows.sign(),
                    null);
            return kernels.correlateTile(pairs, workspace, tile, rows.cut(leftError, rightError));
        }
    }

    /** The row that stands for a neuron: its rounded projection, and the three numbers folded in. */
    double[] row(double[] projection, Side side) {
        Screen screen = screen(projection.length);
        try (Matrix projections = Matrix.of(new float[][] {floats(projection)});
                Matrix row = Matrix.allocate(ElementType.F32, 1, screen.columns())) {
            kernels.screen().screenRows(row, projections, screen, side);
            float[] read = row.row(0);
            double[] wide = new double[read.length];
            Arrays.setAll(wide, k -> read[k]);
            return wide;
        }
    }

    private Screen screen(int rank) {
        return new Screen(rank, deviation, error, Sense.CORRELATION);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int k = 0; k < floats.length; k++) {
            floats[k] = (float) values[k];
        }
        return floats;
    }

    private static Matrix bytes(long bytes) {
        return Matrix.allocate(ElementType.I64, 1, (bytes + Long.BYTES - 1) / Long.BYTES);
    }
}

package dev.morula.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Matrices of any floating type, for tests. */
public final class Matrices {
    private Matrices() {}

    /** {@code rows} off-heap; every value must be representable in {@code type}, or be NaN or infinite. */
    public static Matrix of(double[][] rows, ElementType type) {
        int columns = rows[0].length;
        Matrix matrix = Matrix.allocate(type, rows.length, columns);
        for (int row = 0; row < rows.length; row++) {
            ByteBuffer bytes = ByteBuffer.allocate(columns * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (double x : rows[row]) {
                switch (type) {
                    case F16 -> bytes.putShort(half(x));
                    case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits((float) x) >>> 16));
                    case F32 -> bytes.putFloat((float) x);
                    default -> bytes.putDouble(x);
                }
            }
            matrix.writeBytes((long) row * columns, bytes.array(), columns);
        }
        return matrix;
    }

    private static short half(double x) {
        int sign = (int) (Double.doubleToRawLongBits(x) >>> 48) & 0x8000;
        double magnitude = Math.abs(x);
        if (Double.isNaN(x)) {
            return 0x7e00;
        } else if (Double.isInfinite(x)) {
            return (short) (sign | 0x7c00);
        } else if (magnitude < 0x1p-14) {
            return (short) (sign | (int) (magnitude * 0x1p24));
        }
        int exponent = Math.getExponent(magnitude);
        int fraction = (int) ((magnitude / Math.scalb(1.0, exponent) - 1) * 1024);
        return (short) (sign | (exponent + 15) << 10 | fraction);
    }
}

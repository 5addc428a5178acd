package dev.morula.activations;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Copies activations into another type: one that holds all of their values exactly, or F32, to which F64 is rounded. */
final class Widening {
    private static final int PIECE = 1 << 14; // elements
    private static final double HALF_SUBNORMAL = 0x1p-24;

    private final Matrix source;
    private final Matrix target;

    private Widening(Matrix source, Matrix target) {
        this.source = source;
        this.target = target;
    }

    /** The smaller of F32 and F64 that holds both types, or the type itself if both are the same. */
    static ElementType common(ElementType one, ElementType other) {
        if (one == other) {
            return one;
        }
        return one == ElementType.F64 || other == ElementType.F64 ? ElementType.F64 : ElementType.F32;
    }

    /** Copies {@code source} to {@code target}, of the same shape and type F32 or F64. */
    static void copy(Matrix source, Matrix target, Workers workers) {
        Widening widening = new Widening(source, target);
        workers.forEach(source.rows(), (row, worker) -> widening.copyRow(row));
    }

    private void copyRow(long row) {
        int size = source.type().bytes();
        ByteBuffer bytes = ByteBuffer.allocate(PIECE * size).order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[PIECE];
        for (long from = 0; from < source.columns(); from += PIECE) {
            int length = (int) Math.min(PIECE, source.columns() - from);
            long element = row * source.columns() + from;
            source.readBytes(element, bytes.array(), length);
            for (int k = 0; k < length; k++) {
                values[k] = value(bytes, k * size);
            }
            write(element, values, length);
        }
    }

    private double value(ByteBuffer bytes, int at) {
        return switch (source.type()) {
            case F16 -> half(bytes.getShort(at));
            case BF16 -> Float.intBitsToFloat(bytes.getShort(at) << 16);
            case F32 -> bytes.getFloat(at);
            default -> bytes.getDouble(at);
        };
    }

    private static double half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double size;
        if (exponent == 0x1f) {
            size = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (exponent == 0) {
            size = fraction * HALF_SUBNORMAL;
        } else {
            size = Math.scalb(1024 + fraction, exponent - 25);
        }
        return bits < 0 ? -size : size;
    }

    private void write(long element, double[] values, int length) {
        if (target.type() == ElementType.F64) {
            target.write(element, values, 0, length);
            return;
        }
        float[] narrow = new float[length];
        for (int k = 0; k < length; k++) {
            narrow[k] = (float) values[k];
        }
        target.write(element, narrow, 0, length);
    }
}

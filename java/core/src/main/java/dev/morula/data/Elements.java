package dev.morula.data;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A run of numbers that is written to a file piece by piece, little-endian. */
interface Elements {
    int CHUNK_BYTES = 1 << 20;

    /** Takes the next {@code length} bytes; the array is used again afterwards. */
    @FunctionalInterface
    interface Sink {
        void accept(byte[] bytes, int length);
    }

    ElementType type();

    long count();

    void forEachChunk(Sink sink);

    /** All elements of {@code matrices}, one after the other, row by row. */
    static Elements of(List<Matrix> matrices) {
        ElementType type = matrices.get(0).type();
        if (matrices.stream().anyMatch(matrix -> matrix.type() != type)) {
            throw new IllegalArgumentException("the parts of one array must have one element type");
        }
        return new OfMatrices(type, matrices);
    }

    /** All elements of {@code matrix}, which is I32, as I64. */
    static Elements widened(Matrix matrix) {
        return new Widened(matrix);
    }

    static Elements of(int[] values) {
        ByteBuffer bytes = buffer(values.length, Integer.BYTES);
        bytes.asIntBuffer().put(values);
        return new OfBytes(ElementType.I32, values.length, bytes.array());
    }

    static Elements of(long[] values) {
        ByteBuffer bytes = buffer(values.length, Long.BYTES);
        bytes.asLongBuffer().put(values);
        return new OfBytes(ElementType.I64, values.length, bytes.array());
    }

    static Elements of(float[] values) {
        ByteBuffer bytes = buffer(values.length, Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return new OfBytes(ElementType.F32, values.length, bytes.array());
    }

    static Elements of(double[] values) {
        ByteBuffer bytes = buffer(values.length, Double.BYTES);
        bytes.asDoubleBuffer().put(values);
        return new OfBytes(ElementType.F64, values.length, bytes.array());
    }

    private static ByteBuffer buffer(int count, int size) {
        return ByteBuffer.allocate(Math.multiplyExact(count, size)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Small arrays, held as their bytes. */
    record OfBytes(ElementType type, long count, byte[] bytes) implements Elements {
        @Override
        public void forEachChunk(Sink sink) {
            sink.accept(bytes, bytes.length);
        }
    }

    /** Matrices of any size, copied through one small buffer. */
    record OfMatrices(ElementType type, List<Matrix> matrices) implements Elements {
        @Override
        public long count() {
            return matrices.stream()
                    .mapToLong(matrix -> matrix.rows() * matrix.columns())
                    .sum();
        }

        @Override
        public void forEachChunk(Sink sink) {
            byte[] buffer = new byte[CHUNK_BYTES];
            int most = CHUNK_BYTES / type.bytes();
            for (Matrix matrix : matrices) {
                long count = matrix.rows() * matrix.columns();
                for (long from = 0; from < count; from += most) {
                    int length = (int) Math.min(most, count - from);
                    matrix.readBytes(from, buffer, length);
                    sink.accept(buffer, length * type.bytes());
                }
            }
        }
    }

    /** Whole numbers of 32 bits that are written in 64. */
    record Widened(Matrix matrix) implements Elements {
        @Override
        public ElementType type() {
            return ElementType.I64;
        }

        @Override
        public long count() {
            return matrix.rows() * matrix.columns();
        }

        @Override
        public void forEachChunk(Sink sink) {
            int[] narrow = new int[CHUNK_BYTES / Long.BYTES];
            ByteBuffer wide = buffer(narrow.length, Long.BYTES);
            for (long from = 0; from < count(); from += narrow.length) {
                int length = (int) Math.min(narrow.length, count() - from);
                matrix.read(from, narrow, 0, length);
                for (int k = 0; k < length; k++) {
                    wide.putLong(k * Long.BYTES, narrow[k]);
                }
                sink.accept(wide.array(), length * Long.BYTES);
            }
        }
    }
}

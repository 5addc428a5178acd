package dev.morula.data;

/** The numbers of a data set, one sample after the other. */
public sealed interface Values permits Values.Bytes, Values.Floats {
    /** Copies {@code count} numbers from number {@code from} on to {@code target}, to element {@code to} and those after it. */
    void read(int from, double[] target, int to, int count);

    /** How many there are. */
    int count();

    /** The runs of {@code size} numbers that {@code order} names, copied: run {@code order[0]}, run {@code order[1]}, ... */
    Values gather(int[] order, int size);

    /** Pixels, one unsigned byte each: the number is pixel / 255, from 0 to 1. */
    record Bytes(byte[] pixels) implements Values {
        private static final double LARGEST = 255;

        @Override
        public void read(int from, double[] target, int to, int count) {
            for (int i = 0; i < count; i++) {
                target[to + i] = Byte.toUnsignedInt(pixels[from + i]) / LARGEST;
            }
        }

        @Override
        public int count() {
            return pixels.length;
        }

        @Override
        public Values gather(int[] order, int size) {
            byte[] gathered = new byte[order.length * size];
            for (int i = 0; i < order.length; i++) {
                System.arraycopy(pixels, order[i] * size, gathered, i * size, size);
            }
            return new Bytes(gathered);
        }
    }

    /** Numbers as they are. */
    record Floats(float[] numbers) implements Values {
        @Override
        public void read(int from, double[] target, int to, int count) {
            for (int i = 0; i < count; i++) {
                target[to + i] = numbers[from + i];
            }
        }

        @Override
        public int count() {
            return numbers.length;
        }

        @Override
        public Values gather(int[] order, int size) {
            float[] gathered = new float[order.length * size];
            for (int i = 0; i < order.length; i++) {
                System.arraycopy(numbers, order[i] * size, gathered, i * size, size);
            }
            return new Floats(gathered);
        }
    }
}

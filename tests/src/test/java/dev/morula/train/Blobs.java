package dev.morula.train;

import dev.morula.data.DataSet;
import dev.morula.data.Values;
import dev.morula.network.Shape;
import java.util.Random;

/** Small images that are easily told apart: each class lights up rows of its own, with noise on top. */
final class Blobs {
    static final int SIDE = 6;
    static final int CLASSES = 3;

    private Blobs() {}

    static DataSet of(int count, long seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[count * SIDE * SIDE];
        int[] labels = new int[count];
        for (int image = 0; image < count; image++) {
            labels[image] = random.nextInt(CLASSES);
            for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                boolean lit = pixel / SIDE % CLASSES == labels[image];
                pixels[image * SIDE * SIDE + pixel] = (byte) ((lit ? 180 : 20) + random.nextInt(70));
            }
        }
        return new DataSet("blobs", new Shape(1, SIDE, SIDE), CLASSES, new Values.Bytes(pixels), labels);
    }
}

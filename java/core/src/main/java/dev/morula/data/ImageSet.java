package dev.morula.data;

import dev.morula.MorulaException;
import java.util.Arrays;

/**
 * Labelled grey images.
 *
 * @param name how messages call the set
 * @param count number of images
 * @param height rows of an image
 * @param width columns of an image
 * @param classes number of classes; every label is below it
 * @param pixels one unsigned byte a pixel, image by image, row by row
 * @param labels one a image
 */
public record ImageSet(String name, int count, int height, int width, int classes, byte[] pixels, byte[] labels) {

    /** Number of pixels of one image. */
    public int pixelsPerImage() {
        return height * width;
    }

    /** The set's first {@code size} images. */
    public ImageSet first(int size) {
        if (size < 1 || size > count) {
            throw MorulaException.usage("%s: has %d images, so its first %d cannot be taken", name, count, size);
        }
        byte[] somePixels = Arrays.copyOf(pixels, size * pixelsPerImage());
        return new ImageSet(name, size, height, width, classes, somePixels, Arrays.copyOf(labels, size));
    }
}

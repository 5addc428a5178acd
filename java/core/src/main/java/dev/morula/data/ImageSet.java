package dev.morula.data;

/**
 * Labelled grey images.
 *
 * @param pixels count * height * width unsigned bytes, image by image, row by row
 * @param labels one a image, each below {@code classes}
 */
public record ImageSet(String name, int count, int height, int width, int classes, byte[] pixels, byte[] labels) {}

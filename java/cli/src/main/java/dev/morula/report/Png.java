package dev.morula.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures of correlations as PNG, one byte a pixel and the {@link DivergingPalette}; no display is needed. */
final class Png {
    private Png() {}

    /** One pixel a block. */
    static byte[] matrix(MatrixFigure image) {
        int side = image.side();
        return encode(side, side, image.blocks());
    }

    /** All colours in one row, from -1 to 1. */
    static byte[] colorBar() {
        float[] correlations = new float[2 * DivergingPalette.ZERO + 1];
        for (int index = 0; index < correlations.length; index++) {
            correlations[index] = (float) (index - DivergingPalette.ZERO) / DivergingPalette.ZERO;
        }
        return encode(correlations.length, 1, correlations);
    }

    /** As the address of an image inside the page. */
    static String dataUri(byte[] png) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }

    private static byte[] encode(int width, int height, float[] correlations) {
        BufferedImage picture =
                new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, DivergingPalette.colorModel());
        int[] indices = new int[correlations.length];
        for (int pixel = 0; pixel < indices.length; pixel++) {
            indices[pixel] = DivergingPalette.index(correlations[pixel]);
        }
        picture.getRaster().setPixels(0, 0, width, height, indices);
        return encode(picture);
    }

    private static byte[] encode(BufferedImage picture) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // in memory: ImageIO.write would make a cache file in the temporary folder
        try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(output);
            writer.write(picture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}

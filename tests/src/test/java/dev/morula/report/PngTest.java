package dev.morula.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngTest {
    private static final int BLUE = 0xff0b2a5b;
    private static final int WHITE = 0xfff7f7f7;
    private static final int RED = 0xff6e1606;
    private static final int GREY = 0xff9a9a9a;

    @Test
    void onePixelABlockRowByRow() throws IOException {
        float[] blocks = {-1, 0, 1, Float.NaN, -2, 2, 0.5f, -0.5f, 0};
        BufferedImage picture = read(Png.matrix(new MatrixFigure(3, blocks, 9, 3)));
        assertThat(picture.getWidth()).isEqualTo(3);
        assertThat(picture.getHeight()).isEqualTo(3);
        assertThat(picture.getRGB(0, 0, 3, 2, null, 0, 3)).containsExactly(BLUE, WHITE, RED, GREY, BLUE, RED);
    }

    @Test
    void lightnessFallsOnBothSidesOfZero() throws IOException {
        BufferedImage bar = read(Png.colorBar());
        int zero = bar.getWidth() / 2;
        assertThat(bar.getWidth()).isEqualTo(255);
        assertThat(bar.getRGB(zero, 0)).isEqualTo(WHITE);
        for (int away = 1; away <= zero; away++) {
            assertThat(lightness(bar.getRGB(zero - away, 0))).isLessThan(lightness(bar.getRGB(zero - away + 1, 0)));
            assertThat(lightness(bar.getRGB(zero + away, 0))).isLessThan(lightness(bar.getRGB(zero + away - 1, 0)));
        }
    }

    @Test
    void anImageOfTheWrongShapeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MatrixFigure(2, new float[3], 2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new MatrixFigure(2, new float[4], 9, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new MatrixFigure(1025, new float[1025 * 1025], 1025, 1));
    }

    private static double lightness(int rgb) {
        Color color = new Color(rgb);
        return 0.2126 * color.getRed() + 0.7152 * color.getGreen() + 0.0722 * color.getBlue();
    }

    private static BufferedImage read(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }
}

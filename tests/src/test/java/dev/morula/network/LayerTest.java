package dev.morula.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayerTest {
    private static final Shape IMAGE = new Shape(3, 9, 7);

    @Test
    void shapesFollowPyTorchsRules() {
        assertThat(new Convolution(3, 8, 3, 2, 1, true).output(IMAGE)).isEqualTo(new Shape(8, 5, 4));
        assertThat(new MaxPool(3, 2, 1).output(IMAGE)).isEqualTo(new Shape(3, 5, 4));
        assertThat(AveragePool.of(2).output(IMAGE)).isEqualTo(new Shape(3, 4, 3));
        assertThat(new GlobalAveragePool().output(IMAGE)).isEqualTo(Shape.features(3));
        assertThat(new Flatten().output(IMAGE)).isEqualTo(Shape.features(189));
        Sequence twoMore = Sequence.of(Convolution.threeByThree(3, 2));
        assertThat(new Concatenation(twoMore).output(IMAGE)).isEqualTo(new Shape(5, 9, 7));
    }

    @Test
    void whatDoesNotFitIsNamedWithItsShape() {
        refuses(Linear.of(5, 3), IMAGE, "linear 5 to 3 cannot take 3 x 9 x 7: it needs 5 features");
        refuses(new BatchNorm(4), IMAGE, "batch norm of 4 channels cannot take 3 x 9 x 7: it needs 4 channels");
        refuses(MaxPool.of(8), IMAGE, "max pool 8 x 8 cannot take 3 x 9 x 7: it needs an image of at least 8 x 8");
        refuses(
                new Residual(Sequence.of(Convolution.threeByThree(3, 4)), Optional.empty()),
                IMAGE,
                "residual block cannot take 3 x 9 x 7: it needs a shortcut that gives 4 x 9 x 7, not 3 x 9 x 7");
        refuses(
                new Concatenation(Sequence.of(MaxPool.of(2))),
                IMAGE,
                "concatenation cannot take 3 x 9 x 7: it needs a body that keeps the image's size, not one that gives "
                        + "3 x 4 x 3");
    }

    @Test
    void layersThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new MaxPool(3, 1, 2)).hasMessageContaining("padding at most half a window");
        assertThatThrownBy(() -> new Convolution(3, 0, 3, 1, 1, true)).hasMessageContaining("3 to 0 channels");
        assertThatThrownBy(() -> new Dropout(1)).hasMessageContaining("the probability is 1.0");
        assertThatThrownBy(() -> Linear.of(0, 1)).hasMessage("linear: 0 to 1 features; both are at least 1");
        assertThatThrownBy(() -> new LocalResponseNorm(0, 1, 1, 1)).hasMessageContaining("size 0");
        assertThatThrownBy(() ->
                        new Sequence(List.of(new Sequence.Named("a", new Relu()), new Sequence.Named("a", new Relu()))))
                .hasMessage("there are two layers of the name a");
        assertThatThrownBy(() -> new NetworkDefinition("mine", IMAGE, Sequence.of(new Relu())))
                .hasMessage("network mine: its last layer must be a linear read-out");
    }

    private static void refuses(Layer layer, Shape input, String message) {
        assertThatThrownBy(() -> layer.output(input))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining(message);
    }
}

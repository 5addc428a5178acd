package dev.morula.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TapTest {
    private static final NetworkDefinition PERCEPTRON = Presets.multilayerPerceptron(784, List.of(256, 128, 64), 10);

    @Test
    void hiddenLayersAreCountedFromOne() {
        assertThat(Tap.of(PERCEPTRON, "2")).isEqualTo(new Tap("2", "3", Shape.features(128)));
        assertThat(Tap.of(PERCEPTRON, "last")).isEqualTo(new Tap("last", "5", Shape.features(64)));
        assertThat(Tap.of(PERCEPTRON, "module:2")).isEqualTo(new Tap("module:2", "2", Shape.features(128)));
        for (String name : List.of("0", "4", "-1", "first", "")) {
            assertThatThrownBy(() -> Tap.of(PERCEPTRON, name))
                    .hasMessage("layer \"" + name
                            + "\": it must be 1 to 3 (a hidden layer of mlp:784-256-128-64), last or module:PATH");
        }
        assertThatThrownBy(() -> Tap.of(PERCEPTRON, "module:9"))
                .hasMessage("layer \"module:9\": mlp:784-256-128-64 has no module 9; it has 0, 1, 2, 3, 4, 5, 6");
    }

    @Test
    void aHiddenLayerIncludesItsBatchNormAndRelu() {
        NetworkDefinition resnet = Presets.parse("resnet8", new Shape(3, 32, 32), 10);
        assertThat(Tap.hidden(resnet).stream().map(Tap::path))
                .containsExactly(
                        "relu",
                        "layer1.0.relu1",
                        "layer1.0.bn2",
                        "layer2.0.relu1",
                        "layer2.0.bn2",
                        "layer2.0.shortcut.1",
                        "layer3.0.relu1",
                        "layer3.0.bn2",
                        "layer3.0.shortcut.1");
        assertThat(Tap.of(resnet, "last")).isEqualTo(new Tap("last", "pool", Shape.features(64)));
        assertThat(Tap.of(resnet, "module:layer2.0.conv1").shape()).isEqualTo(new Shape(32, 16, 16));
    }
}

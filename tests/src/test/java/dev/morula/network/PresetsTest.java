package dev.morula.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.network.NetworkDefinition.NamedParameter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresetsTest {
    private static final Shape GREY = new Shape(1, 28, 28);
    private static final Shape COLOUR = new Shape(3, 32, 32);

    /** Trained numbers as counted by hand or in the papers: 0.27 M for ResNet-20, 0.85 M for -56, 1.0 M for DenseNet-40-12. */
    @ParameterizedTest
    @CsvSource({
        "mlp:3072-7-5, 21611",
        "mlp-L2-H16, 49674",
        "conv-L1-H4, 2862",
        "resnet20, 272474",
        "resnet56, 855770",
        "resnet56:0.25, 54494",
        "wrn28-2, 1467610",
        "densenet40-12, 1019722",
        "alexnet-cifar:0.25, 438746"
    })
    void haveAsManyParametersAsTheirPapersSay(String text, long expected) {
        NetworkDefinition network = Presets.parse(text, COLOUR, 10);
        long trained = network.parameters().stream()
                .map(NamedParameter::spec)
                .filter(spec -> spec.role().isTrained())
                .mapToLong(spec -> (long) spec.rows() * spec.columns())
                .sum();
        assertThat(trained).isEqualTo(expected);
        assertThat(network.outputs()).isEqualTo(10);
        assertThat(network).hasToString(text);
    }

    @Test
    void aPerceptronIsAValue() {
        assertThat(Presets.parse("mlp:784-16-8", GREY, 10))
                .isEqualTo(Presets.multilayerPerceptron(784, List.of(16, 8), 10));
    }

    @Test
    void namesParametersAsPyTorchDoes() {
        assertThat(Presets.parse("resnet8", COLOUR, 10).parameters().stream().map(NamedParameter::name))
                .startsWith("conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var")
                .contains("layer2.0.conv1.weight", "layer2.0.shortcut.0.weight", "layer2.0.shortcut.1.running_var")
                .endsWith("fc.weight", "fc.bias");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "mlp", "mlp:", "mlp:784", "cnn:784-10", "mlp:784--10", "mlp:784-x", "mlp:784-0", "mlp:-1"})
    void refusesOtherForms(String text) {
        assertThatThrownBy(() -> Presets.parse(text, GREY, 10))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining("network \"" + text + "\": it must look like mlp:784-256-256-4096, mlp-L8-H128");
    }

    @Test
    void refusesSizesThatDoNotExist() {
        assertThatThrownBy(() -> Presets.parse("resnet21", COLOUR, 10)).hasMessageContaining("must be 6 n + 2");
        assertThatThrownBy(() -> Presets.parse("wrn27-2", COLOUR, 10)).hasMessageContaining("6 n + 4");
        assertThatThrownBy(() -> Presets.parse("densenet41-12", COLOUR, 10)).hasMessageContaining("3 n + 4");
        assertThatThrownBy(() -> Presets.parse("mlp:10-10", GREY, 10))
                .hasMessage("network \"mlp:10-10\": has 10 inputs, but a sample is 1 x 28 x 28, 784 numbers");
    }

    @Test
    void aLayerThatDoesNotFitIsNamedWithItsShapes() {
        Sequence layers = Sequence.of(Convolution.threeByThree(3, 8), new Flatten(), Linear.of(100, 10));
        assertThatThrownBy(() -> new NetworkDefinition("mine", COLOUR, layers))
                .hasMessage("linear 100 to 10 cannot take 8192 features: it needs 100 features");
    }
}

package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @Test
    void readsAndWritesItsForm() {
        Architecture architecture = Architecture.parse("mlp:784-256-256-4096", 10);
        assertThat(architecture).isEqualTo(new Architecture(784, List.of(256, 256, 4096), 10));
        assertThat(architecture).hasToString("mlp:784-256-256-4096");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "mlp", "mlp:", "mlp:784", "cnn:784-10", "mlp:784--10", "mlp:784-x", "mlp:784-0", "mlp:-1-2"})
    void refusesOtherForms(String spec) {
        assertThatThrownBy(() -> Architecture.parse(spec, 10))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining("network \"" + spec + "\"")
                .hasMessageContaining("it must look like mlp:784-256-256-4096");
    }

    @Test
    void namesHiddenLayersFromOne() {
        Architecture architecture = Architecture.parse("mlp:784-256-128-64", 10);
        assertThat(architecture.hiddenLayer("last")).isEqualTo(3);
        assertThat(architecture.hiddenLayer("2")).isEqualTo(2);
        assertThat(architecture.width(2)).isEqualTo(128);
        for (String name : List.of("0", "4", "-1", "first", "")) {
            assertThatThrownBy(() -> architecture.hiddenLayer(name))
                    .hasMessage(
                            "layer \"" + name + "\": it must be 1 to 3 (a hidden layer of mlp:784-256-128-64) or last");
        }
    }

    @Test
    void offersItsParametersUnderPyTorchsNames() {
        try (Network network = Network.zeros(Architecture.parse("mlp:5-7-3", 2))) {
            assertThat(network.parameters().stream().map(p -> p.name() + p.shape()))
                    .containsExactly(
                            "0.weight[7, 5]",
                            "0.bias[7]",
                            "2.weight[3, 7]",
                            "2.bias[3]",
                            "4.weight[2, 3]",
                            "4.bias[2]");
        }
    }

    @Test
    void initialParametersAreUniformWithinPyTorchsBound() {
        try (Network network = Network.initialise(Architecture.parse("mlp:100-500", 10), 1)) {
            double squares = 0;
            for (double[] row : Floats.doubles(network.layers().get(0).weight())) {
                for (double weight : row) {
                    assertThat(weight).isBetween(-0.1, 0.1);
                    squares += weight * weight;
                }
            }
            assertThat(squares / 50_000).isCloseTo(0.01 / 3, within(5e-5));
            for (float bias : network.layers().get(0).bias().row(0)) {
                assertThat(bias).isBetween(-0.1f, 0.1f);
            }
        }
    }

    /** Pinned: the same on every JDK, machine and release, so that published runs repeat. */
    @ParameterizedTest
    @CsvSource({"1,0.57226527,-0.5732676", "2,-0.1211501,-0.498622"})
    void initialParametersDependOnTheSeedAlone(long seed, float first, float second) {
        try (Network network = Network.initialise(Architecture.parse("mlp:2-2", 2), seed)) {
            assertThat(network.layers().get(0).weight().row(0)).containsExactly(first, second);
        }
    }
}

package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.network.Presets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
    @Test
    void offersItsParametersUnderPyTorchsNames() {
        try (Network network = Network.zeros(Presets.multilayerPerceptron(5, List.of(7, 3), 2))) {
            assertThat(network.parameters().stream()
                            .map(p -> p.name() + p.spec().shape()))
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
        try (Network network = Network.initialise(Presets.multilayerPerceptron(100, List.of(500), 10), 1)) {
            double squares = 0;
            for (double[] row : Floats.doubles(network.parameters().get(0).values())) {
                for (double weight : row) {
                    assertThat(weight).isBetween(-0.1, 0.1);
                    squares += weight * weight;
                }
            }
            assertThat(squares / 50_000).isCloseTo(0.01 / 3, within(5e-5));
            for (float bias : network.parameters().get(1).values().row(0)) {
                assertThat(bias).isBetween(-0.1f, 0.1f);
            }
        }
    }

    /** Pinned: the same on every JDK, machine and release, so that published runs repeat. */
    @ParameterizedTest
    @CsvSource({"1,0.57226527,-0.5732676", "2,-0.1211501,-0.498622"})
    void initialParametersDependOnTheSeedAlone(long seed, float first, float second) {
        try (Network network = Network.initialise(Presets.multilayerPerceptron(2, List.of(2), 2), seed)) {
            assertThat(network.parameters().get(0).values().row(0)).containsExactly(first, second);
        }
    }
}

package dev.morula.redundancy.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import dev.morula.network.Tap;
import dev.morula.redundancy.depth.DepthBound.Trial;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EffectiveDepthTest {
    private static final List<Double> ERRORS = List.of(0.635, 0.2, 0.03, 0.05, 0.0);

    @Test
    void isTheFirstLayerThatErrsNoMoreThanAllowed() {
        assertThat(EffectiveDepth.of(ERRORS, 0.03)).isEqualTo(3);
        assertThat(EffectiveDepth.of(ERRORS, 0.029)).isEqualTo(5);
        assertThat(EffectiveDepth.of(ERRORS, 0.7)).isEqualTo(1);
        assertThat(EffectiveDepth.of(ERRORS.subList(0, 4), 0.01)).isNull();
        assertThat(EffectiveDepth.of(List.of(), 0.5)).isNull();
    }

    @Test
    void isNamedForSeveralErrors() {
        Map<String, Double> errors = new LinkedHashMap<>();
        errors.put("1", 0.3);
        errors.put("2", 0.0005);
        assertThat(EffectiveDepth.names(errors, List.of(0.5, 0.001, 0.0001)))
                .containsEntry("0.5", "1")
                .containsEntry("0.001", "2")
                .containsEntry("0.0001", null)
                .hasSize(3);
    }

    @Test
    void anErrorOfOneIsNotAllowed() {
        assertThatThrownBy(() -> EffectiveDepth.of(ERRORS, 1))
                .isInstanceOf(MorulaException.class)
                .hasMessage("effective depth: an error of 1.0 is allowed; it must be 0 to below 1");
    }

    /** The second trial's clean mean, 3.5, is below 4; none separates the fourth's noisy samples, nor its clean ones. */
    @Test
    void theBoundCountsTrialsThatAreAsDeepAsNoiseNeeds() {
        List<Trial> trials = List.of(
                new Trial(List.of(4, 6), List.of(5, 9)),
                new Trial(List.of(3, 4), Arrays.asList(4, null)),
                new Trial(List.of(3, 4), Arrays.asList(null, null)),
                new Trial(Arrays.asList(3, null), Arrays.asList(null, null)));
        DepthBound bound = DepthBound.of(trials, 0.1, 0.5);
        assertThat(bound.probability()).isEqualTo(0.5);
        assertThat(bound.noise()).isCloseTo(0.15, within(1e-15));
        assertThat(bound.sum()).isCloseTo(0.65, within(1e-15));
        assertThat(bound.deltas()).isEqualTo("not computed");
    }

    @Test
    void aBoundNeedsTrials() {
        assertThatThrownBy(() -> DepthBound.of(List.of(), 0.1, 0)).isInstanceOf(MorulaException.class);
        assertThatThrownBy(() -> DepthBound.of(List.of(new Trial(List.of(1), List.of())), 0.1, 0))
                .isInstanceOf(MorulaException.class);
        assertThatThrownBy(() -> DepthBound.of(List.of(new Trial(List.of(1), List.of(1))), 1.1, 0))
                .hasMessage("depth bound: share 1.1 and alpha 0.0; they must be 0 to 1 and at least 0");
    }

    @Test
    void tapsAreProductsBeforeTheirBatchNormAndWithoutTheReadOut() {
        Shape image = new Shape(3, 16, 16);
        assertThat(paths("mlp-L3-H8", image)).containsExactly("0", "3", "6");
        assertThat(paths("conv-L1-H4", image)).containsExactly("0", "3", "6");
        assertThat(paths("resnet8", image))
                .containsExactly(
                        "conv1",
                        "layer1.0.conv1",
                        "layer1.0.conv2",
                        "layer2.0.conv1",
                        "layer2.0.conv2",
                        "layer3.0.conv1",
                        "layer3.0.conv2");
        assertThat(paths("wrn10-1", image)).noneMatch(path -> path.contains("shortcut"));
    }

    /** Layers are counted with projections of shortcuts, since these have units too: 6 and 9 of this network. */
    @Test
    void tapsHaveTheNamesOfTheirLayers() {
        NetworkDefinition definition = Presets.parse("resnet8", new Shape(3, 16, 16), 10);
        Map<String, Tap> taps = Taps.of(definition);
        assertThat(taps.keySet()).containsExactly("1", "2", "3", "4", "5", "7", "8");
        assertThat(taps.get("7").path()).isEqualTo("layer3.0.conv1");
        assertThat(Tap.of(definition, "6").path()).contains("shortcut");
    }

    private static List<String> paths(String network, Shape sample) {
        NetworkDefinition definition = Presets.parse(network, sample, 10);
        Collection<Tap> taps = Taps.of(definition).values();
        assertThat(taps).allSatisfy(tap -> assertThat(tap.name()).isEqualTo("module:" + tap.path()));
        return taps.stream().map(Tap::path).toList();
    }
}

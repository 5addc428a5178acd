package dev.morula.redundancy.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.SweepSummary.BoundTerms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The terms by hand, and which networks they are of. */
class DepthBoundsTest {
    private static final String NOISY = "noise=0.2,from=50";

    /** A network of each of {@code depths}, the number of the first layer deep enough or null, with four layers. */
    private static Kind kind(String depth, String samples, String labels, Integer... depths) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("depth", depth);
        settings.put("labels", labels);
        settings.put("trainSize", samples);
        List<SeedResult> seeds = new ArrayList<>();
        for (Integer deep : depths) {
            Map<String, LayerAnalysis> layers = new LinkedHashMap<>();
            for (int layer = 1; layer <= 4; layer++) {
                layers.put("" + layer, layer());
            }
            Map<String, String> effective = new HashMap<>();
            effective.put("0.1", deep == null ? null : deep.toString());
            seeds.add(new SeedResult(null, new Analysis(1, layers, null, effective, null, List.of()), null, null));
        }
        return new Kind(settings, Map.of("depth", depth), seeds, new int[0]);
    }

    private static LayerAnalysis layer() {
        return new LayerAnalysis(
                4, 4, 0, 0, null, null, null, null, null, null, null, null, null, 0.9, null, null, null);
    }

    @Test
    void theMeanDepthIsHeldAgainstTheLeastWithNoise() {
        List<BoundTerms> bounds = DepthBounds.of(List.of(
                kind("4", "50", "as-given", 2, 3),
                kind("8", "50", "as-given", 3, 4),
                kind("4", "100", NOISY, 4, null),
                kind("8", "100", NOISY, 3, 4)));
        assertThat(bounds).hasSize(2);
        BoundTerms shallow = bounds.get(0);
        assertThat(shallow.name()).isEqualTo(Map.of("depth", "4"));
        assertThat(shallow.error()).isEqualTo("0.1");
        assertThat(shallow.cleanDepth()).isEqualTo(2.5);
        assertThat(shallow.leastNoisyDepth()).isEqualTo(3);
        assertThat(shallow.trials()).isEqualTo(1);
        assertThat(shallow.share()).isEqualTo(0.2);
        assertThat(shallow.probability()).isZero();
        assertThat(shallow.noise()).isEqualTo(0.2, within(1e-15));
        assertThat(shallow.sum()).isEqualTo(0.2, within(1e-15));
        assertThat(shallow.deltas()).isEqualTo("not computed");
        assertThat(bounds.get(1).cleanDepth()).isEqualTo(3.5);
        assertThat(bounds.get(1).probability()).isEqualTo(1);
        assertThat(bounds.get(1).sum()).isEqualTo(1.2, within(1e-15));
    }

    @Test
    void whereNoLayerIsDeepEnoughThereIsNoDepth() {
        BoundTerms clean = DepthBounds.of(List.of(kind("4", "50", "as-given", 2, null), kind("4", "100", NOISY, 4)))
                .get(0);
        assertThat(clean.cleanDepth()).isNull();
        assertThat(clean.probability()).isEqualTo(1);
        BoundTerms noisy = DepthBounds.of(
                        List.of(kind("4", "50", "as-given", 2), kind("4", "100", NOISY, (Integer) null)))
                .get(0);
        assertThat(noisy.leastNoisyDepth()).isNull();
        assertThat(noisy.probability()).isZero();
    }

    @Test
    void noiseMustBeInTheSamplesBesideAndNowhereElse() {
        Kind clean = kind("4", "50", "as-given", 2);
        for (Kind other : List.of(
                kind("4", "100", "noise=0.2", 3),
                kind("4", "100", "noise=0.2,from=60", 3),
                kind("4", "50", NOISY, 3),
                kind("4", "100", "parity," + NOISY, 3),
                kind("4", "100", "as-given", 3))) {
            assertThat(DepthBounds.of(List.of(clean, other)))
                    .as("%s", other.settings())
                    .isEmpty();
        }
        Kind otherwise = kind("4", "100", NOISY, 3);
        otherwise.settings().put("init", "he");
        assertThat(DepthBounds.of(List.of(clean, otherwise))).isEmpty();
        Kind unnamed = kind("4", "100", NOISY, 3);
        unnamed.settings().remove("trainSize");
        assertThat(DepthBounds.of(List.of(clean, unnamed))).isEmpty();
    }
}

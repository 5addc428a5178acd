package dev.morula.redundancy.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.redundancy.SweepSummary.WidthGrowth;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** g by hand: the number of directions is compressability times neurons. */
class WidthGrowthsTest {
    private static List<WidthGrowth> of(MadeUpGroup... groups) {
        return WidthGrowths.of(Stream.of(groups).map(MadeUpGroup::group).toList());
    }

    private static MadeUpGroup wide(int width, String init) {
        return MadeUpGroup.with("width", "" + width, "init", init);
    }

    @Test
    void isTheMeanRatioPerDoublingOverWidthsAndHiddenLayers() {
        List<WidthGrowth> found = of(
                wide(64, "he").compressable("1", 0.75, "2", 0.5, "last", 1.0),
                wide(16, "he").compressable("1", 0.5, "2", 0.5, "last", 0.1),
                wide(32, "he").compressable("1", 0.75, "2", 0.5, "last", 0.1),
                wide(16, "glorot").compressable("1", 0.5));
        assertThat(found).hasSize(1);
        WidthGrowth growth = found.get(0);
        assertThat(growth.name()).isEqualTo(Map.of("init", "he"));
        assertThat(growth.widths()).containsExactly(16.0, 32.0, 64.0);
        assertThat(growth.layers().keySet()).containsExactly("1", "2");
        // Layer 1 has 8, 24 and 48 such directions: 3 and 2 times as many. Layer 2 has 8, 16 and 32.
        assertThat(growth.layers().get("1")).isEqualTo(2.5, within(1e-12));
        assertThat(growth.layers().get("2")).isEqualTo(2, within(1e-12));
        assertThat(growth.perDoubling()).isEqualTo(2.25, within(1e-12));
    }

    @Test
    void isOfTheLayerThatTheReadOutReadsWhereThatIsAlone() {
        WidthGrowth growth = of(
                        wide(16, "he").compressable("last", 0.25),
                        wide(64, "he").compressable("last", 0.5625))
                .get(0);
        assertThat(growth.perDoubling()).as("4 and 36 in two doublings").isEqualTo(3, within(1e-12));
    }

    @Test
    void isNullWhereTwoWidthsAreNotKnown() {
        WidthGrowth growth = of(
                        wide(16, "he").compressable("1", 0.25, "2", null),
                        wide(32, "he").compressable("1", null, "2", null))
                .get(0);
        assertThat(growth.widths()).containsExactly(16.0);
        assertThat(growth.perDoubling()).isNull();
        assertThat(growth.layers()).containsEntry("1", null).containsEntry("2", null);
        assertThat(of(MadeUpGroup.with("depth", "2").compressable("1", 0.5))).isEmpty();
    }
}

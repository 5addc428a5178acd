package dev.morula.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each neuron's partners are counted, and the strongest is the first of equals, in whatever order edges come. */
class PartnersTest {
    private static final int NEURONS = 6;
    private static final Map<Long, Float> EDGES = Map.of(
            1L,
            0.5f, // 0 and 1
            2L,
            -0.75f, // 0 and 2
            3L,
            0.75f, // 0 and 3
            1L << 32 | 4,
            0.5f,
            3L << 32 | 4,
            -0.25f);

    @TempDir
    private Path folder;

    @Test
    void ofShards() {
        for (int cut = 1; cut < NEURONS; cut++) {
            List<Path> files = TestShards.split(folder, NEURONS, EDGES, List.of(cut), 2);
            try (ShardSet shards = ShardSet.open(files);
                    Workers workers = new Workers(2)) {
                Partners partners = Partners.of(shards, workers, Progress.NONE);
                assertThat(partners.degrees()).containsExactly(3, 2, 1, 2, 2, 0);
                assertThat(IntStream.range(0, NEURONS).map(partners::strongest)).containsExactly(2, 0, 0, 0, 1, -1);
                assertThat(partners.correlation(0)).isEqualTo(-0.75f);
                assertThat(partners.correlation(4)).isEqualTo(0.5f);
            }
        }
    }
}

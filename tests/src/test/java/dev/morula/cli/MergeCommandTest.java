package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.correlate.RowRange;
import dev.morula.data.NpzFile;
import dev.morula.graph.ShardHeader;
import dev.morula.graph.TestShards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code morula merge} by its files. */
class MergeCommandTest {
    private static final int NEURONS = 60;

    @TempDir
    private Path folder;

    private Path shard(String key, int first, int end, Map<String, String> settings) {
        Map<Long, Float> chain = new TreeMap<>();
        for (long i = first; i < Math.min(end, NEURONS - 1); i++) {
            chain.put(i << 32 | i + 1, 0.95f);
        }
        Path file = folder.resolve(first + "-" + end + ".shard");
        return TestShards.write(file, new ShardHeader(key, NEURONS, new RowRange(first, end), settings), chain, 16);
    }

    private Path shard(int first, int end) {
        return shard(TestShards.KEY, first, end, TestShards.SETTINGS);
    }

    @Test
    void assemblesShardsInAnyOrder() throws IOException {
        Path out = folder.resolve("edges.npz");
        JsonNode summary = Run.of("merge", shard(40, 60), shard(0, 7), shard(7, 40), "--out", out, "--json")
                .exits(0)
                .json();
        assertThat(summary.get("neurons").asInt()).isEqualTo(NEURONS);
        assertThat(summary.get("edges").asLong()).isEqualTo(59);
        assertThat(summary.get("shards")).hasSize(3);
        assertThat(summary.at("/settings/threshold").asText()).isEqualTo("0.9");
        assertThat(summary.get("triangle").asText()).isEqualTo("full");
        assertThat(summary.at("/seconds/merge").isNumber()).isTrue();
        assertThat(Run.parse(Files.readString(folder.resolve("edges.json")))).isEqualTo(summary);
        assertThat(NpzFile.open(out).array("data").count()).isEqualTo(118);
        Run.of("cluster", out, "--method", "components", "--out", folder.resolve("labels.npy"))
                .exits(0);
    }

    @Test
    void writesOneTriangleIfAsked() {
        Path out = folder.resolve("edges.npz");
        Run run = Run.of("merge", shard(0, 60), "--out", out, "--triangle", "upper")
                .exits(0);
        assertThat(run.out()).contains("59 edges of 60 neurons").contains("Graph: " + out);
        assertThat(run.err()).contains("count 100 %").contains("assemble 100 %");
        assertThat(NpzFile.open(out).array("data").count()).isEqualTo(59);
    }

    private void assertRefused(int exitCode, String message, Object... arguments) {
        FolderContent before = FolderContent.of(folder);
        Run run = Run.of(arguments).exits(exitCode);
        assertThat(run.err()).startsWith("morula: ").contains(message);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(FolderContent.of(folder)).isEqualTo(before);
    }

    @Test
    void whatItCannotDoItSays() {
        Path out = folder.resolve("edges.npz");
        Path low = shard(0, 7);
        assertRefused(3, "rows 7:60 of 60 are in none", "merge", low, "--out", out);
        assertRefused(3, "0-7.shard: has rows 0:7, which", "merge", low, low, "--out", out);
        Path foreign = shard("ff", 7, 60, Map.of("threshold", "0.5"));
        assertRefused(3, "does not belong to the same run", "merge", low, foreign, "--out", out);
        assertRefused(2, "is read or written by this command already", "merge", low, "--out", low);
        assertRefused(2, "Missing required parameter", "merge", "--out", out);
        assertRefused(3, "there is no folder", "merge", low, "--out", folder.resolve("gone/edges.npz"));
    }

    @Test
    void thereIsNoReportOfWhatItAssembled() {
        Run.of("merge", shard(0, 60), "--out", folder.resolve("edges.npz")).exits(0);
        assertRefused(3, "edges.json: does not say what was correlated", "report", folder);
    }
}

package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.kernel.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code morula correlate} range by range: shards and their merge, the journal and {@code --resume}. */
class ResumeTest {
    private static final int NEURONS = 211;
    private static final String RANGES = "morula.journalRanges";

    @TempDir
    private Path folder;

    private Path layer;

    @BeforeEach
    void writeLayer() {
        double[][] rows = LayerFiles.layer(NEURONS, 83);
        Arrays.fill(rows[5], 0);
        Arrays.fill(rows[NEURONS - 1], 0);
        layer = LayerFiles.npy(folder.resolve("layer.npy"), LayerFiles.transposed(rows), ElementType.F32);
    }

    @AfterEach
    void clear() {
        System.clearProperty(RANGES);
    }

    private Path in(String name) {
        return folder.resolve(name);
    }

    private Run correlate(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("correlate", layer, "--json"));
        all.addAll(Arrays.asList(arguments));
        if (!all.contains("--threshold")) {
            all.addAll(List.of("--threshold", 0.6));
        }
        return Run.of(all.toArray());
    }

    private byte[] whole(Object... options) throws IOException {
        List<Object> all = new ArrayList<>(List.of("--out", in("whole.npz")));
        all.addAll(Arrays.asList(options));
        correlate(all.toArray()).exits(0);
        return Files.readAllBytes(in("whole.npz"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "upper"})
    void mergedShardsAreTheFileOfOneRun(String triangle) throws IOException {
        byte[] expected = whole("--triangle", triangle);
        List<Object> merge = new ArrayList<>(List.of("merge", "--out", in("merged.npz"), "--triangle", triangle));
        long edges = 0;
        for (String rows : List.of("100:210", "0:1", "210:211", "1:100")) {
            Path shard = in(rows.replace(':', '-') + ".shard");
            JsonNode summary =
                    correlate("--rows", rows, "--out", shard).exits(0).json();
            assertThat(summary.get("rows").asText()).isEqualTo(rows);
            edges += summary.get("edges").asLong();
            merge.add(shard);
        }
        JsonNode merged = Run.of(
                        Stream.concat(merge.stream(), Stream.of("--json")).toArray())
                .exits(0)
                .json();
        assertThat(merged.get("edges").asLong()).isEqualTo(edges).isPositive();
        assertThat(Files.readAllBytes(in("merged.npz"))).isEqualTo(expected);
    }

    private void assertRefused(int exitCode, String message, Object... arguments) {
        FolderContent before = FolderContent.of(folder);
        Run run = correlate(arguments).exits(exitCode);
        assertThat(run.err()).startsWith("morula: ").contains(message);
        assertThat(FolderContent.of(folder)).isEqualTo(before);
    }

    @Test
    void rowsThatAreNoneAreRefused() {
        Path out = in("some.shard");
        assertRefused(2, "the layer has 211 neurons; give a range within 0:211", "--rows", "200:212", "--out", out);
        assertRefused(2, "\"7:7\" has no rows", "--rows", "7:7", "--out", out);
        assertRefused(2, "\"7\" is no range of rows: write FIRST:END", "--rows", "7", "--out", out);
        assertRefused(2, "\"-1:5\" is no range of rows", "--rows=-1:5", "--out", out);
        assertRefused(2, "give its name by --out", "--rows", "0:7", "--degrees", in("degrees.npy"));
        assertRefused(2, "are of all rows", "--rows", "0:7", "--out", out, "--degrees", in("degrees.npy"));
        assertRefused(2, "are of all rows", "--rows", "0:7", "--out", out, "--triangle", "upper");
        assertRefused(2, "has nothing to resume", "--rows", "0:7", "--out", out, "--resume");
        assertRefused(2, "keeps no journal", "--degrees", in("degrees.npy"), "--resume");
        Run run = correlate("--rows", "0:9", "--out", out, "--max-edges", 10).exits(4);
        assertThat(run.err()).contains("more than the 10 edges that --max-edges allows");
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 500})
    void rangesGiveTheFilesOfOneRun(int ranges) throws IOException {
        byte[] expected = whole("--degrees", in("degrees.npy"), "--neurons", in("neurons.csv"));
        System.setProperty(RANGES, String.valueOf(ranges));
        JsonNode summary = correlate(
                        "--out", in("edges.npz"), "--degrees", in("degrees2.npy"), "--neurons", in("neurons2.csv"))
                .exits(0)
                .json();
        assertThat(Files.readAllBytes(in("edges.npz"))).isEqualTo(expected);
        assertThat(in("degrees2.npy")).hasSameBinaryContentAs(in("degrees.npy"));
        assertThat(in("neurons2.csv")).hasSameBinaryContentAs(in("neurons.csv"));
        assertThat(summary.at("/ranges/count").asInt()).isBetween(Math.min(ranges, 100), Math.min(ranges, NEURONS));
        assertThat(summary.at("/ranges/resumed").asInt()).isZero();
        assertThat(summary.get("pairs").asLong()).isEqualTo(209 * 208 / 2);
        assertThat(in(".edges.npz.journal")).doesNotExist();
    }

    /** Ends in the middle, for too many edges, and leaves a journal. */
    private void stop() throws IOException {
        System.setProperty(RANGES, "9");
        Run run = correlate("--out", in("edges.npz"), "--max-edges", 2000).exits(4);
        assertThat(run.err())
                .contains("; the finished part is kept in " + in(".edges.npz.journal"))
                .contains("; --resume goes on with it");
        assertThat(in("edges.npz")).doesNotExist();
        System.clearProperty(RANGES);
    }

    @Test
    void aStoppedRunGoesOnToTheSameFile() throws IOException {
        byte[] expected = whole();
        stop();
        for (String name : List.of("edges.npz", "edges.json")) { // as a killed program leaves them
            Files.writeString(in("." + name + "." + UUID.randomUUID() + ".tmp"), "half");
        }
        JsonNode summary =
                correlate("--out", in("edges.npz"), "--resume").exits(0).json();
        assertThat(Files.readAllBytes(in("edges.npz"))).isEqualTo(expected);
        assertThat(summary.at("/ranges/resumed").asInt()).isPositive();
        assertThat(FolderContent.of(folder).files().keySet())
                .containsExactly("", "edges.json", "edges.npz", "layer.npy", "whole.json", "whole.npz");
        correlate("--out", in("edges.npz"), "--resume").exits(0); // with nothing to resume
        assertThat(Files.readAllBytes(in("edges.npz"))).isEqualTo(expected);
    }

    @Test
    void aJournalIsNotLostUnasked() throws IOException {
        stop();
        assertRefused(3, "did not finish; --resume goes on with it, or delete the folder", "--out", in("edges.npz"));
        assertRefused(3, "threshold is 0.6, not 0.5", "--out", in("edges.npz"), "--resume", "--threshold", 0.5);
        Path other = LayerFiles.npy(in("other.npy"), LayerFiles.layer(83, NEURONS), ElementType.F32);
        assertThat(Run.of("correlate", other, "--threshold", 0.6, "--out", in("edges.npz"), "--resume")
                        .exits(3)
                        .err())
                .contains("but the input or the version of Morula is not");
    }

    @Test
    void damagedShardsAreComputedAgain() throws IOException {
        byte[] expected = whole();
        stop();
        Path shard;
        try (Stream<Path> files = Files.list(in(".edges.npz.journal"))) {
            shard = files.filter(file -> file.toString().endsWith(".shard"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length / 2] ^= 1;
        Files.write(shard, bytes);
        Run run = correlate("--out", in("edges.npz"), "--resume").exits(0);
        assertThat(run.err()).contains("morula: " + shard + ": is damaged").contains("; it is computed again");
        assertThat(Files.readAllBytes(in("edges.npz"))).isEqualTo(expected);
    }
}

package dev.morula.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.correlate.RowRange;
import dev.morula.data.DiskSpace;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards are assembled if they belong together and hold what they say, and otherwise refused, with nothing written. */
class ShardSetTest {
    private static final int NEURONS = 50;
    private static final Map<Long, Float> EDGES = TestGraphs.random(NEURONS, 0.3, 5);

    @TempDir
    private Path folder;

    private Path shard(int first, int end) {
        return shard(TestShards.KEY, NEURONS, first, end, TestShards.SETTINGS);
    }

    private Path shard(String key, int neurons, int first, int end, Map<String, String> settings) {
        Path file = folder.resolve(key + "-" + first + "-" + end + ".shard");
        ShardHeader header = new ShardHeader(key, neurons, new RowRange(first, end), settings);
        return TestShards.write(file, header, EDGES, 40);
    }

    private static void assertRefused(String message, Path... shards) {
        assertRefused(Kind.INPUT, message, () -> ShardSet.open(List.of(shards)));
    }

    private static void assertRefused(Kind kind, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(message);
    }

    @Test
    void rowsThatAreMissing() {
        assertRefused("rows 10:20, 45:50 of 50 are in none of the 2 shards", shard(20, 45), shard(0, 10));
        assertRefused("rows 0:7 of 50 are in none of the 1 shards", shard(7, 50));
    }

    @Test
    void rowsThatAreThereTwice() {
        assertRefused("a1b2c-15-50.shard: has rows 15:20, which", shard(0, 20), shard(15, 50));
        assertRefused("a1b2c-30-31.shard: has rows 30:31, which", shard(0, 50), shard(30, 31));
        assertRefused("a1b2c-0-50.shard: has rows 0:50, which", shard(0, 50), shard(0, 50));
    }

    @Test
    void shardsOfAnotherRun() {
        Path mine = shard(0, 20);
        assertRefused(
                "ff-20-50.shard: does not belong to the same run as " + mine + ": threshold is 0.8, not 0.9",
                mine,
                shard("ff", NEURONS, 20, 50, Map.of("threshold", "0.8")));
        assertRefused(
                "threshold is not set, not 0.9; metric is cosine, not unset",
                mine,
                shard("ff", NEURONS, 20, 50, Map.of("metric", "cosine")));
        assertRefused(
                "the settings are the same, but the input or the version of Morula is not",
                mine,
                shard("ff", NEURONS, 20, 50, TestShards.SETTINGS));
        assertRefused(
                "is of a layer of 51 neurons, but " + mine + " of one of 50",
                mine,
                shard(TestShards.KEY, 51, 20, 51, TestShards.SETTINGS));
    }

    @Test
    void aFileThatIsNoShard() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.shard"), "PK");
        assertRefused("notes.shard: is not an edge shard", text);
        assertRefused("gone.shard: there is no such file", folder.resolve("gone.shard"));
    }

    private void assemble(Path out, long memory, Path... files) {
        try (ShardSet shards = ShardSet.open(List.of(files));
                Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(2)) {
            GraphAssembly.write(out, shards, Triangle.FULL, memory, kernels, workers, Progress.NONE);
        }
    }

    private void assertNotAssembled(Kind kind, String message, long memory, Path... files) {
        Path out = folder.resolve("edges.npz");
        assertRefused(kind, message, () -> assemble(out, memory, files));
        assertThat(folder.toFile().list()).allMatch(name -> name.endsWith(".shard"));
    }

    @Test
    void damageThatIsFoundOnTheWay() throws IOException {
        Path file = shard(0, 50);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 100] ^= 1;
        Files.write(file, bytes);
        assertNotAssembled(
                Kind.INPUT, file + ": is damaged: record 10 of 10 does not match its checksum", 1 << 26, file);
    }

    @Test
    void edgesThatTheShardShouldNotHave() {
        Path low = shard(0, 20);
        ShardHeader header = TestShards.header(NEURONS, 20, 50);
        for (long pair :
                new long[] {TestGraphs.pair(19, 30), TestGraphs.pair(30, 50), 30L << 32 | 30, 30L << 32 | 25}) {
            Path file = folder.resolve("high.shard");
            try (ShardWriter writer = ShardWriter.create(file, header)) {
                TestShards.add(writer, List.of(pair), Map.of(pair, 1f));
                writer.commit();
            }
            assertNotAssembled(Kind.INPUT, "high.shard: does not hold what its header says", 1 << 26, low, file);
        }
    }

    @Test
    void tooLittleMemory() {
        assertNotAssembled(Kind.RESOURCES, "edges.npz: 1,000 bytes of memory are left", 1000, shard(0, 50));
    }

    /** A shard without content: of so many edges that their graph fits no disk. */
    @Test
    void tooLittleDisk() throws IOException {
        Path file = shard(TestShards.KEY, NEURONS, 0, 50, TestShards.SETTINGS);
        long edges = DiskSpace.available(file) / 8;
        ShardFormat format = ShardFormat.of(TestShards.header(NEURONS, 0, 50), ShardWriter.RECORD_EDGES);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(format.start());
            sparse.setLength(format.fileBytes(edges));
            sparse.seek(sparse.length() - ShardFormat.END_BYTES);
            sparse.write(format.end(edges));
        }
        long needed = edges * 2 * 8 + 51 * 4; // int32 indices as long as there are few enough
        long wide = edges * 2 * 12 + 51 * 8;
        long waiting = edges * 2 * 4;
        long expected = (edges * 2 < 1L << 31 ? needed : wide) + waiting;
        assertNotAssembled(
                Kind.RESOURCES, String.format("edges.npz: needs %,d bytes on its disk, but ", expected), 1 << 26, file);
    }

    @Test
    void aWriterThatIsNotCommittedLeavesNothing() {
        try (ShardWriter writer = ShardWriter.create(folder.resolve("x.shard"), TestShards.header(NEURONS, 0, 50))) {
            TestShards.add(writer, List.copyOf(EDGES.keySet()), EDGES);
            assertThat(writer.edges()).isEqualTo(EDGES.size());
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void threadsMayAddToOneWriter() {
        Map<Long, Float> edges = TestGraphs.random(700, 0.9, 6); // more than one record
        List<Long> pairs = List.copyOf(edges.keySet());
        Path file = folder.resolve("x.shard");
        try (Workers workers = new Workers(4);
                ShardWriter writer = ShardWriter.create(file, TestShards.header(700, 0, 700))) {
            int parts = 97;
            workers.forEach(
                    parts,
                    (part, worker) -> TestShards.add(
                            writer,
                            pairs.subList(
                                    (int) (part * pairs.size() / parts), (int) ((part + 1) * pairs.size() / parts)),
                            edges));
            writer.commit();
        }
        try (ShardReader reader = ShardReader.open(file)) {
            assertThat(reader.records()).isEqualTo(4);
            assertThat(new TreeMap<>(ShardProperties.edges(reader))).isEqualTo(edges);
        }
    }

    @Test
    void whatRangesLeaveOpen() {
        List<RowRange> ranges = Arrays.asList(new RowRange(5, 9), new RowRange(1, 2), new RowRange(6, 7));
        assertThat(RowRange.missing(ranges, 12))
                .containsExactly(new RowRange(0, 1), new RowRange(2, 5), new RowRange(9, 12));
        assertThat(RowRange.missing(List.of(new RowRange(0, 3)), 3)).isEmpty();
        assertThat(RowRange.missing(List.of(), 3)).containsExactly(new RowRange(0, 3));
    }
}

package dev.morula.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** A shard is read as it was written, or refused. */
class ShardProperties {
    private Path file;

    @BeforeProperty
    void nameFile() throws IOException {
        file = Files.createTempFile("morula", ".shard");
    }

    @AfterProperty
    void deleteFile() throws IOException {
        Files.delete(file);
    }

    private byte[] write(Map<Long, Float> edges, int recordEdges) throws IOException {
        TestShards.write(file, TestShards.header(40, 0, 40), edges, recordEdges);
        return Files.readAllBytes(file);
    }

    @Property(tries = 100)
    void readsWhatItWrites(
            @ForAll @DoubleRange(min = 0, max = 1) double density,
            @ForAll @IntRange(min = 1, max = 400) int recordEdges,
            @ForAll long seed)
            throws IOException {
        Map<Long, Float> edges = TestGraphs.random(40, density, seed);
        write(edges, recordEdges);
        try (ShardReader reader = ShardReader.open(file)) {
            assertThat(reader.header()).isEqualTo(TestShards.header(40, 0, 40));
            assertThat(reader.edges()).isEqualTo(edges.size());
            assertThat(edges(reader)).isEqualTo(edges);
        }
    }

    static Map<Long, Float> edges(ShardReader reader) {
        Map<Long, Float> edges = new TreeMap<>();
        try (EdgeRecord record = new EdgeRecord(reader.recordEdges())) {
            for (long number = 0; number < reader.records(); number++) {
                reader.read(number, record);
                long[] pairs = new long[record.count()];
                float[] values = new float[record.count()];
                record.pairs().read(0, pairs, 0, pairs.length);
                record.values().read(0, values, 0, values.length);
                for (int k = 0; k < pairs.length; k++) {
                    assertThat(edges.put(pairs[k], values[k])).isNull();
                }
            }
        }
        return edges;
    }

    @Property(tries = 500)
    void anyDamagedByteIsRefused(
            @ForAll @IntRange(min = 0, max = 60) int edges,
            @ForAll @IntRange(min = 1, max = 20) int recordEdges,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double place,
            @ForAll @IntRange(min = 1, max = 255) int flipped)
            throws IOException {
        byte[] whole = write(someEdges(edges), recordEdges);
        whole[(int) (place * whole.length)] ^= (byte) flipped;
        assertRefused(whole);
    }

    @Property(tries = 300)
    void anyOtherLengthIsRefused(
            @ForAll @IntRange(min = 0, max = 60) int edges,
            @ForAll @IntRange(min = 1, max = 20) int recordEdges,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double place)
            throws IOException {
        byte[] whole = write(someEdges(edges), recordEdges);
        assertRefused(Arrays.copyOf(whole, (int) (place * whole.length)));
        assertRefused(Arrays.copyOf(whole, whole.length + 1 + (int) (place * 50)));
        byte[] spread = Arrays.copyOf(whole, whole.length + 1);
        int end = whole.length - ShardFormat.END_BYTES;
        System.arraycopy(whole, end, spread, end + 1, ShardFormat.END_BYTES);
        assertRefused(spread); // a byte too many before the end
    }

    @Property(tries = 100)
    void aRecordInAnothersPlaceIsRefused(@ForAll @IntRange(min = 2, max = 6) int records) throws IOException {
        int recordEdges = 7;
        byte[] whole = write(someEdges(records * recordEdges), recordEdges);
        int recordBytes = ShardFormat.CHECKSUM_BYTES + recordEdges * ShardFormat.EDGE_BYTES;
        int first = whole.length - ShardFormat.END_BYTES - records * recordBytes;
        byte[] swapped = whole.clone();
        System.arraycopy(whole, first, swapped, first + recordBytes, recordBytes);
        System.arraycopy(whole, first + recordBytes, swapped, first, recordBytes);
        assertRefused(swapped);
    }

    private static Map<Long, Float> someEdges(int count) {
        Map<Long, Float> edges = new TreeMap<>();
        for (int k = 0; k < count; k++) {
            edges.put(TestGraphs.pair(k / 39, k / 39 + 1 + k % (39 - k / 39)), 1f / (k + 1));
        }
        return edges;
    }

    private void assertRefused(byte[] damaged) throws IOException {
        Files.write(file, damaged);
        assertThatThrownBy(() -> {
                    try (ShardReader reader = ShardReader.open(file)) {
                        reader.verify();
                    }
                })
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageStartingWith(file + ": ");
    }
}

package dev.morula.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.correlate.RowRange;
import dev.morula.graph.Journal.Resume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run goes on where another was stopped, with nothing that is foreign, unfinished or damaged. */
class JournalTest {
    private static final int NEURONS = 30;
    private static final Map<Long, Float> EDGES = TestGraphs.random(NEURONS, 0.5, 8);

    @TempDir
    private Path folder;

    private Path out;

    @BeforeEach
    void nameOutput() {
        out = folder.resolve("edges.npz");
    }

    private Journal open(Resume resume) {
        return open(TestShards.KEY, NEURONS, TestShards.SETTINGS, resume);
    }

    private Journal open(String key, int neurons, Map<String, String> settings, Resume resume) {
        return Journal.open(out, key, neurons, settings, resume);
    }

    private static void finish(Journal journal, int first, int end) {
        try (ShardWriter writer = journal.writer(first, end)) {
            List<Long> pairs = EDGES.keySet().stream()
                    .filter(pair -> pair >> 32 >= first && pair >> 32 < end)
                    .toList();
            TestShards.add(writer, pairs, EDGES);
            writer.commit();
        }
    }

    /** A journal with rows 10:20 and 0:4, and no one who uses it. */
    private void stopped() {
        try (Journal journal = open(Resume.NO)) {
            finish(journal, 10, 20);
            finish(journal, 0, 4);
        }
    }

    private void assertRefused(String message, String key, int neurons, Map<String, String> settings, Resume resume) {
        assertThatThrownBy(() -> open(key, neurons, settings, resume))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageStartingWith(folder.resolve(".edges.npz.journal") + ": " + message);
    }

    @Test
    void aRunGoesOnWhereAnotherWasStopped() {
        stopped();
        try (Journal journal = open(Resume.YES)) {
            assertThat(journal.finishedRanges()).containsExactly(new RowRange(0, 4), new RowRange(10, 20));
            assertThat(journal.missingRanges()).containsExactly(new RowRange(4, 10), new RowRange(20, 30));
            assertThat(journal.damages()).isEmpty();
            journal.missingRanges().forEach(rows -> finish(journal, rows.first(), rows.end()));
            assertThat(journal.missingRanges()).isEmpty();
            try (ShardSet shards = ShardSet.open(journal.shards())) {
                assertThat(shards.edges()).isEqualTo(EDGES.size());
            }
            journal.delete();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void withoutResumeAJournalIsRefusedAndKept() {
        stopped();
        assertRefused(
                "is the journal of a run for " + out + " that did not finish; --resume goes on with it, or delete",
                TestShards.KEY,
                NEURONS,
                TestShards.SETTINGS,
                Resume.NO);
        try (Journal journal = open(Resume.YES)) {
            assertThat(journal.finishedRanges()).hasSize(2);
        }
    }

    @Test
    void aForeignJournalIsRefusedAndKept() {
        stopped();
        assertRefused(
                "is the journal of another run: threshold is 0.9, not 0.8; give --resume",
                "ff",
                NEURONS,
                Map.of("threshold", "0.8"),
                Resume.YES);
        assertRefused(
                "is the journal of another run: the settings are the same, but the input",
                "ff",
                NEURONS,
                TestShards.SETTINGS,
                Resume.YES);
        assertRefused(
                "is the journal of another run: its layer has 30 neurons, not 31",
                TestShards.KEY,
                31,
                TestShards.SETTINGS,
                Resume.YES);
        try (Journal journal = open(Resume.YES)) {
            assertThat(journal.finishedRanges()).hasSize(2);
        }
    }

    @Test
    void anOutputThatCannotBeHasNoJournal() {
        out = folder.resolve("gone/edges.npz");
        assertThatThrownBy(() -> open(Resume.NO)).hasMessageContaining("there is no folder");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void oneRunAtATime() {
        try (Journal journal = open(Resume.NO)) {
            assertRefused("is in use by another run", TestShards.KEY, NEURONS, TestShards.SETTINGS, Resume.YES);
            finish(journal, 0, 30);
        }
        open(Resume.YES).close();
    }

    @Test
    void resumingWhatWasNeverBegunBegins() throws IOException {
        Files.createDirectory(folder.resolve(".edges.npz.journal")); // killed before it wrote its key
        try (Journal journal = open(Resume.YES)) {
            assertThat(journal.missingRanges()).containsExactly(new RowRange(0, 30));
            finish(journal, 0, 30);
            assertThat(journal.shards()).hasSize(1);
        }
    }

    @Test
    void whatIsUnfinishedOrDamagedIsDeletedAndComputedAgain() throws IOException {
        stopped();
        Path journalFolder = Journal.folderOf(out);
        Path damaged = journalFolder.resolve("rows-10-20.shard");
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length - 40] ^= 1;
        Files.write(damaged, bytes);
        Files.writeString(journalFolder.resolve(".rows-20-30.shard.0.tmp"), "half");
        TestShards.write(
                journalFolder.resolve("rows-20-30.shard"),
                new ShardHeader("ff", NEURONS, new RowRange(20, 30), Map.of()),
                EDGES,
                100);
        try (Journal journal = open(Resume.YES)) {
            assertThat(journal.finishedRanges()).containsExactly(new RowRange(0, 4));
            assertThat(journal.damages()).hasSize(2);
            assertThat(journal.damages().get(0))
                    .isEqualTo(damaged + ": is damaged: record 1 of 1 does not match its checksum");
            assertThat(journal.damages().get(1)).contains("rows-20-30.shard: does not belong to the journal");
        }
        assertThat(journalFolder.toFile().list()).containsExactlyInAnyOrder("key", "lock", "rows-0-4.shard");
    }

    @Test
    void aRangeIsFinishedOnlyWhenCommittedAndOnlyOnce() {
        try (Journal journal = open(Resume.NO)) {
            journal.writer(0, 4).close();
            assertThat(journal.finishedRanges()).isEmpty();
            finish(journal, 0, 4);
            assertThatThrownBy(() -> journal.writer(3, 5)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

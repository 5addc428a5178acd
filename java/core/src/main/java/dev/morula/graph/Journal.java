package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.correlate.RowRange;
import dev.morula.data.OutputFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run has finished so far, so that another can go on with it: a folder {@code .NAME.journal} beside the output NAME
 * with a shard for each range of rows that is done. It is in use by one run at a time; {@link #close()} gives it free and
 * keeps it, {@link #delete()} is for when the output has its name.
 *
 * <p>Threads may write ranges at the same time.
 */
public final class Journal implements AutoCloseable {
    /** What to do with the journal of an earlier run. */
    public enum Resume {
        YES,
        NO
    }

    private static final String SHARD = ".shard";
    private static final String UNFINISHED = ".tmp"; // how dev.morula.data.OutputFile names what is not committed

    private final JournalFolder folder;
    private final JournalKey key;
    private final Map<RowRange, Path> finished = new TreeMap<>();
    private final List<String> damages = new ArrayList<>();

    private Journal(JournalFolder folder, JournalKey key) {
        this.folder = folder;
        this.key = key;
    }

    /**
     * Begins the journal of output {@code out}, or with {@link Resume#YES} goes on with the one there is, if any. What an
     * interrupted run left unfinished in it is deleted, and so are damaged shards, of which {@link #damages()} tells.
     *
     * @param key of the input and all options that change the result, see {@code dev.morula.data.InputKey}
     * @param neurons all neurons of the layer, W
     * @param settings what the key stands for, for messages
     * @throws MorulaException of kind INPUT if there is a journal already and {@code resume} is NO, if it is of another key,
     *     which names what differs, or if another run is using it
     */
    public static Journal open(Path out, String key, int neurons, Map<String, String> settings, Resume resume) {
        OutputFile.requireWritable(out); // no folders are made on the way to it
        Path folder = folderOf(out);
        Path keyFile = folder.resolve(JournalKey.NAME);
        JournalKey mine = new JournalKey(key, neurons, settings);
        boolean begun = isThere(out);
        if (begun && resume == Resume.NO) {
            throw MorulaException.input(
                    "%s: is the journal of a run for %s that did not finish; --resume goes on with it, or delete the folder "
                            + "to begin anew",
                    folder, out);
        }
        Journal journal = new Journal(JournalFolder.open(folder), mine);
        try {
            if (begun) {
                JournalKey.read(keyFile).requireSame(folder, mine);
                journal.folder.filesEndingIn(UNFINISHED).forEach(JournalFolder::delete);
                OutputFile.deleteUnfinished(out);
                journal.findShards();
            } else {
                mine.write(keyFile);
            }
            return journal;
        } catch (RuntimeException | Error e) {
            journal.close();
            throw e;
        }
    }

    /** Whether a run for output {@code out} began a journal and did not finish. */
    public static boolean isThere(Path out) {
        return Files.exists(folderOf(out).resolve(JournalKey.NAME));
    }

    /** Where the journal of output {@code out} is, whether there is one or not. */
    public static Path folderOf(Path out) {
        Path absolute = out.toAbsolutePath();
        return absolute.resolveSibling("." + absolute.getFileName() + ".journal");
    }

    private void findShards() {
        for (Path file : folder.filesEndingIn(SHARD)) {
            try {
                add(file);
            } catch (MorulaException e) {
                damages.add(e.getMessage());
                JournalFolder.delete(file);
            }
        }
    }

    private void add(Path file) {
        try (ShardReader shard = ShardReader.open(file)) {
            shard.verify();
            RowRange rows = shard.header().rows();
            if (!shard.header().key().equals(key.key()) || shard.header().neurons() != key.neurons()) {
                throw MorulaException.input("%s: does not belong to the journal that it is in", file);
            } else if (finished.keySet().stream().anyMatch(rows::overlaps)) {
                throw MorulaException.input("%s: has rows that another shard has", file);
            }
            finished.put(rows, file);
        }
    }

    public Path folder() {
        return folder.path();
    }

    /** A sentence about each shard that was there, but damaged, and was deleted: its rows are to be computed again. */
    public List<String> damages() {
        return List.copyOf(damages);
    }

    /** The ranges whose shards were committed, ascending. */
    public synchronized List<RowRange> finishedRanges() {
        return List.copyOf(finished.keySet());
    }

    /** What the finished ranges leave open of all rows, ascending. */
    public List<RowRange> missingRanges() {
        return RowRange.missing(finishedRanges(), key.neurons());
    }

    /** A writer for the edges of rows {@code first} to {@code end}, finished once it has been committed. */
    public ShardWriter writer(int first, int end) {
        RowRange rows = new RowRange(first, end);
        if (finishedRanges().stream().anyMatch(rows::overlaps)) {
            throw new IllegalArgumentException("rows " + rows + " overlap what is finished: " + finishedRanges());
        }
        Path file = folder.path().resolve("rows-" + first + "-" + end + SHARD);
        ShardHeader header = new ShardHeader(key.key(), key.neurons(), rows, key.settings());
        return ShardWriter.create(file, header, ShardWriter.RECORD_EDGES, () -> finish(rows, file));
    }

    private synchronized void finish(RowRange rows, Path file) {
        finished.put(rows, file);
    }

    /** The shards of the finished ranges, ascending. */
    public synchronized List<Path> shards() {
        return List.copyOf(finished.values());
    }

    /** Removes the journal, once its output has been committed. */
    public void delete() {
        folder.filesEndingIn(SHARD).forEach(JournalFolder::delete);
        folder.deleteAll(); // the key last: until then, what is left is a journal with fewer shards
    }

    /** Lets another run have the journal, which is kept. */
    @Override
    public void close() {
        folder.close();
    }
}

package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.correlate.Correlation;
import dev.morula.correlate.Correlator;
import dev.morula.correlate.EdgeList;
import dev.morula.correlate.Expectation;
import dev.morula.correlate.RowRange;
import dev.morula.data.DiskSpace;
import dev.morula.data.OutputFile;
import dev.morula.graph.GraphAssembly;
import dev.morula.graph.Journal;
import dev.morula.graph.Partners;
import dev.morula.graph.ShardReader;
import dev.morula.graph.ShardSet;
import dev.morula.graph.ShardWriter;
import dev.morula.graph.Triangle;
import dev.morula.standardise.StandardisedLayer;
import java.nio.file.Path;
import java.util.List;

/** Correlates a layer range by range, keeps what is finished in a journal, and assembles the graph from that. */
final class JournalStage implements AutoCloseable {
    /** A property that sets the number of ranges, and so makes small runs keep a journal: for tests. */
    private static final String RANGES = "morula.journalRanges";

    private static final double LONG_RUN = 60; // seconds whose loss would hurt
    private static final double RANGE_SECONDS = 10;
    private static final double RANGE_PASSES = 10; // of the layer: beside them the one that a range costs is small
    private static final int MOST_RANGES = 48;
    private static final double EDGES_MARGIN = 1.25; // a forecast of edges may be that far off

    private final Engine engine;
    private final CorrelateStage.Request request;
    private final int neurons;
    private final ResultKey key; // made before the input is read, lest it be of a later version
    private Journal journal; // null until there is one
    private int resumed;
    private int ranges;

    private JournalStage(Engine engine, CorrelateStage.Request request, int neurons) {
        this.engine = engine;
        this.request = request;
        this.neurons = neurons;
        this.key = ResultKey.of(request);
    }

    /** Goes on with the journal of an earlier run, if there is one, or fails if that was not asked for. */
    static JournalStage open(Engine engine, CorrelateStage.Request request, long neurons) {
        JournalStage stage = new JournalStage(engine, request, Math.toIntExact(neurons));
        if (request.out() != null
                && request.division() instanceof Division.Journalled division
                && Journal.isThere(request.out())) {
            stage.begin(division.resume());
            OutputFile.deleteUnfinished(RunFolder.summaryOf(request.out()));
            request.queries().files().forEach(OutputFile::deleteUnfinished);
            stage.journal.damages().forEach(damage -> division.notes().accept(damage + "; it is computed again"));
            stage.resumed = stage.journal.finishedRanges().size();
            stage.ranges = stage.resumed;
        }
        return stage;
    }

    private void begin(Journal.Resume resume) {
        journal = Journal.open(request.out(), key.key(), neurons, key.settings(), resume);
        Interruption.leaves(kept());
    }

    /** Whether the edges of {@code correlator} go by way of a journal. */
    boolean isNeeded(Correlator correlator) {
        if (journal != null || Integer.getInteger(RANGES) != null) {
            return true;
        }
        return request.division() instanceof Division.Journalled
                && (correlator.expectation().seconds() >= LONG_RUN || hasManyEdges(correlator));
    }

    private boolean hasManyEdges(Correlator correlator) {
        double edges = Math.min(EDGES_MARGIN * correlator.expectation().edges(), request.mostEdges());
        return edges > correlator.edgesThatFit();
    }

    /** Whether nothing is left but to assemble the graph. */
    boolean isComplete() {
        return journal != null && journal.missingRanges().isEmpty();
    }

    /** Correlates what is not finished; the result has no edges, which are in the journal. */
    Correlation run(Correlator correlator) {
        if (journal == null) {
            requireDisk(correlator.expectation());
            begin(Journal.Resume.NO);
        }
        List<RowRange> missing = correlator.cut(journal.missingRanges(), parts(correlator.expectation()));
        ranges += missing.size();
        try {
            return run(correlator, missing);
        } catch (MorulaException e) {
            if (journal.finishedRanges().isEmpty()) {
                journal.delete();
                throw e;
            }
            throw new MorulaException(e.kind(), e.getMessage() + "; " + kept(), e);
        }
    }

    private Correlation run(Correlator correlator, List<RowRange> missing) {
        Correlation sum = Correlation.nothing();
        long finished = finishedEdges();
        for (RowRange rows : missing) {
            try (ShardWriter writer = journal.writer(rows.first(), rows.end())) {
                Correlation found = correlator.run(rows, new ShardSink(writer, request.mostEdges() - finished));
                writer.commit();
                finished += writer.edges();
                sum = sum.plus(found);
            }
        }
        return sum;
    }

    private String kept() {
        return "the finished part is kept in " + journal.folder() + "; --resume goes on with it";
    }

    private static int parts(Expectation expected) {
        int wanted = (int) Math.min(
                MOST_RANGES, expected.seconds() / Math.max(RANGE_SECONDS, RANGE_PASSES * expected.passSeconds()));
        return Math.max(1, Integer.getInteger(RANGES, wanted));
    }

    /** Shards, the values that wait for the indices, and the graph: what is expected of them must fit. */
    private void requireDisk(Expectation expected) {
        OutputFile.requireWritable(request.out());
        int entries = request.triangle() == Triangle.FULL ? 2 : 1;
        double edgeBytes = EdgeList.BYTES + entries * (Integer.BYTES + 2.0 * Float.BYTES);
        DiskSpace.require(request.out(), (long) (edgeBytes * Math.min(expected.edges(), request.mostEdges())));
    }

    private long finishedEdges() {
        long edges = 0;
        for (Path shard : journal.shards()) {
            try (ShardReader reader = ShardReader.open(shard)) {
                edges += reader.edges();
            }
        }
        return edges;
    }

    /** Assembles the graph, within {@code memoryBytes}, and answers {@code queries}; returns how many edges there are. */
    long assemble(StandardisedLayer layer, long memoryBytes, QueryStage queries) {
        try (ShardSet shards = ShardSet.open(journal.shards())) {
            GraphAssembly.write(
                    request.out(),
                    shards,
                    request.triangle(),
                    memoryBytes,
                    engine.kernels(),
                    engine.workers(),
                    engine.progress());
            queries.writePartners(layer, () -> Partners.of(shards, engine.workers(), engine.progress()));
            return shards.edges();
        }
    }

    /** Removes the journal, once all that is made of it has been written. */
    void finish() {
        journal.delete();
        Interruption.leavesNothing();
    }

    /** Null if there was no journal. */
    CorrelationSummary.Ranges ranges() {
        return journal == null ? null : new CorrelationSummary.Ranges(ranges, resumed);
    }

    @Override
    public void close() {
        if (journal != null) {
            journal.close();
            Interruption.leavesNothing();
        }
    }
}

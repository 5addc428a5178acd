package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.correlate.Correlation;
import dev.morula.correlate.CorrelationQuery;
import dev.morula.correlate.Correlator;
import dev.morula.correlate.RowRange;
import dev.morula.graph.ShardWriter;
import dev.morula.standardise.StandardisedLayer;

/** Writes the edges of some rows to a shard, which {@code morula merge} takes. */
final class ShardStage {
    private final Engine engine;
    private final CorrelateStage.Request request;
    private final ResultKey key; // made before the input is read, lest it be of a later version
    private long edges;

    private ShardStage(Engine engine, CorrelateStage.Request request) {
        this.engine = engine;
        this.request = request;
        this.key = ResultKey.of(request);
    }

    /** Fails if {@code rows} are not rows of the layer. */
    static ShardStage open(Engine engine, CorrelateStage.Request request, RowRange rows, long neurons) {
        if (rows.end() > neurons) {
            throw MorulaException.usage(
                    "--rows %s: the layer has %,d neurons; give a range within 0:%d", rows, neurons, neurons);
        }
        return new ShardStage(engine, request);
    }

    /** Finds the edges of {@code query}'s rows. */
    Correlation run(StandardisedLayer layer, CorrelationQuery query) {
        try (ShardWriter writer = ShardWriter.create(request.out(), key.header(layer.neurons(), query.rows()))) {
            Correlation found = Correlator.run(
                    layer,
                    query,
                    new ShardSink(writer, request.mostEdges()),
                    engine.kernels(),
                    engine.workers(),
                    engine.progress());
            writer.commit();
            edges = writer.edges();
            return found;
        }
    }

    /** How many edges were found. */
    long edges() {
        return edges;
    }
}

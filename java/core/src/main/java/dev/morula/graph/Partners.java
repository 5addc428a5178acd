package dev.morula.graph;

import dev.morula.kernel.Progress;
import dev.morula.kernel.Stage;
import dev.morula.kernel.Workers;
import java.util.Arrays;

/** How many partners each neuron of a graph has, and which one is the strongest: 12 bytes a neuron. */
public final class Partners {
    private final int[] degrees;
    private final int[] strongest;
    private final float[] correlations;

    private Partners(int neurons) {
        this.degrees = new int[neurons];
        this.strongest = new int[neurons];
        this.correlations = new float[neurons];
        Arrays.fill(strongest, -1);
    }

    public static Partners of(CorrelationGraph graph) {
        Partners partners = new Partners(graph.neurons());
        int[] indices = new int[graph.longestRow()];
        float[] values = new float[indices.length];
        for (int neuron = 0; neuron < graph.neurons(); neuron++) {
            int length = graph.readIndices(neuron, indices);
            graph.readValues(neuron, values);
            for (int k = 0; k < length; k++) {
                partners.add(neuron, indices[k], values[k]);
            }
        }
        return partners;
    }

    /** The same of the graph of {@code shards}, from one scan of them. */
    public static Partners of(ShardSet shards, Workers workers, Progress progress) {
        Partners partners = new Partners(shards.neurons());
        Steps steps =
                new Steps(progress, new Stage("partners", Stage.Unit.RECORDS), ShardScan.records(shards.shards()));
        try (ShardScan scan = new ShardScan(shards.shards(), workers)) {
            scan.forEach(shards.shards(), steps, (record, shard) -> partners.add(record));
        }
        return partners;
    }

    private void add(EdgeRecord record) {
        long[] pairs = new long[record.count()];
        float[] values = new float[record.count()];
        record.pairs().read(0, pairs, 0, pairs.length);
        record.values().read(0, values, 0, values.length);
        synchronized (this) {
            for (int e = 0; e < pairs.length; e++) {
                add((int) (pairs[e] >> 32), (int) pairs[e], values[e]);
                add((int) pairs[e], (int) (pairs[e] >> 32), values[e]);
            }
        }
    }

    private void add(int neuron, int partner, float correlation) {
        degrees[neuron]++;
        float before = Math.abs(correlations[neuron]);
        float strength = Math.abs(correlation);
        boolean stronger = strength > before || (strength == before && partner < strongest[neuron]);
        if (stronger || strongest[neuron] < 0) {
            strongest[neuron] = partner;
            correlations[neuron] = correlation;
        }
    }

    public int degree(int neuron) {
        return degrees[neuron];
    }

    /** The degrees of all neurons. */
    public long[] degrees() {
        return Arrays.stream(degrees).asLongStream().toArray();
    }

    /** The partner with the largest absolute correlation, the first of equals; -1 for a neuron without edges. */
    public int strongest(int neuron) {
        return strongest[neuron];
    }

    /** The correlation with {@link #strongest}. */
    public float correlation(int neuron) {
        return correlations[neuron];
    }
}

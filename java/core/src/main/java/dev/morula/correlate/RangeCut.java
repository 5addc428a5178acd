package dev.morula.correlate;

import java.util.ArrayList;
import java.util.List;

/** Cuts rows into ranges that have about as many pairs each. */
final class RangeCut {
    private final int[] neurons;
    private final CorrelationQuery query;
    private final double pairsEach;
    private final List<RowRange> ranges = new ArrayList<>();

    private RangeCut(int[] neurons, CorrelationQuery query, double pairsEach) {
        this.neurons = neurons;
        this.query = query;
        this.pairsEach = pairsEach;
    }

    /** The rows of {@code wholes}, in ranges of about {@code pairsEach} pairs of {@code neurons}, ascending. */
    static List<RowRange> of(List<RowRange> wholes, int[] neurons, CorrelationQuery query, double pairsEach) {
        RangeCut cut = new RangeCut(neurons, query, pairsEach);
        wholes.forEach(cut::add);
        return cut.ranges;
    }

    private void add(RowRange whole) {
        int first = whole.first();
        double pairs = 0;
        for (int place = 0; place < neurons.length; place++) {
            int neuron = neurons[place];
            if (whole.contains(neuron)) {
                long own = query.firstColumn() == 0 ? neurons.length - place - 1 : 1;
                if (pairs >= pairsEach && own > 0) {
                    ranges.add(new RowRange(first, neuron));
                    first = neuron;
                    pairs = 0;
                }
                pairs += own;
            }
        }
        ranges.add(new RowRange(first, whole.end()));
    }
}

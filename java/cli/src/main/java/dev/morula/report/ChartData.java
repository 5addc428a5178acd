package dev.morula.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.morula.report.TrainingCurves.Epoch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What the page's charts draw, as JSON. Long inputs are aggregated here, so that no run makes a large page. */
final class ChartData {
    private static final int MOST_EPOCHS = 500;
    private static final int MOST_BINS = 400;

    /** A row of a training chart; null where nothing was measured. */
    record EpochRow(int epoch, Double trainLoss, Double trainError, Double testError, Double learningRate) {}

    /** All clusters of one size; ranks count from 1, the largest cluster first. */
    record SizeRow(int size, int clusters, int firstRank, int lastRank) {}

    /** A bar of the histogram. */
    record BinRow(double from, double to, long pairs) {}

    private ChartData() {}

    static String json(RunReport report) {
        Map<String, Object> charts = new LinkedHashMap<>();
        if (report.training() != null) {
            charts.put("training", epochs(report.training()));
        }
        if (report.headline().clusters() != null) {
            charts.put("clusterSizes", sizes(report.headline().clusters().sizes()));
        }
        if (report.histogram() != null) {
            charts.put("histogram", bins(report.histogram()));
            charts.put("threshold", finite(report.histogram().threshold()));
        }
        if (report.matrix() != null) {
            charts.put("neurons", report.matrix().neurons());
            charts.put("neuronsPerBlock", report.matrix().neuronsPerBlock());
        }
        try {
            return new ObjectMapper().writeValueAsString(charts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("chart data cannot be written as JSON", e);
        }
    }

    /** Epochs, in groups of equal length where there are many: each group shows the last value that was measured. */
    static List<EpochRow> epochs(TrainingCurves training) {
        List<Epoch> epochs = training.epochs();
        int group = Math.max(1, (epochs.size() + MOST_EPOCHS - 1) / MOST_EPOCHS);
        List<EpochRow> rows = new ArrayList<>();
        for (int start = 0; start < epochs.size(); start += group) {
            List<Epoch> part = epochs.subList(start, Math.min(start + group, epochs.size()));
            rows.add(new EpochRow(
                    part.get(part.size() - 1).epoch(),
                    lastMeasured(part, Epoch::trainLoss),
                    lastMeasured(part, Epoch::trainError),
                    lastMeasured(part, Epoch::testError),
                    lastMeasured(part, Epoch::learningRate)));
        }
        return rows;
    }

    /** One row a size: W neurons have fewer than sqrt(2 W) different sizes of clusters. */
    static List<SizeRow> sizes(int[] descending) {
        List<SizeRow> rows = new ArrayList<>();
        int first = 0;
        while (first < descending.length) {
            int next = first;
            while (next < descending.length && descending[next] == descending[first]) {
                next++;
            }
            rows.add(new SizeRow(descending[first], next - first, first + 1, next));
            first = next;
        }
        return rows;
    }

    /** Bins, neighbours merged where there are more than a chart can show. */
    static List<BinRow> bins(HistogramFigure histogram) {
        long[] counts = histogram.counts();
        int group = Math.max(1, (counts.length + MOST_BINS - 1) / MOST_BINS);
        List<BinRow> rows = new ArrayList<>();
        for (int start = 0; start < counts.length; start += group) {
            int end = Math.min(start + group, counts.length);
            long pairs = 0;
            for (int bin = start; bin < end; bin++) {
                pairs += counts[bin];
            }
            rows.add(new BinRow(histogram.edges()[start], histogram.edges()[end], pairs));
        }
        return rows;
    }

    private static Double lastMeasured(List<Epoch> part, ToDoubleFunction<Epoch> value) {
        for (int index = part.size() - 1; index >= 0; index--) {
            Double measured = finite(value.applyAsDouble(part.get(index)));
            if (measured != null) {
                return measured;
            }
        }
        return null;
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}

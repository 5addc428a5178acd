package dev.morula.cli;

import dev.morula.cluster.Clusters;
import dev.morula.correlate.CorrelationHistogram;
import dev.morula.correlate.CorrelationImage;
import dev.morula.graph.CorrelationGraph;
import dev.morula.report.Headline;
import dev.morula.report.HistogramFigure;
import dev.morula.report.LargeCluster;
import dev.morula.report.MatrixFigure;
import dev.morula.report.RunReport;
import dev.morula.report.TrainingCurves;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Puts together what a report shows of a run, as far as the run has it. */
final class ReportStage {
    private static final int LARGEST_SHOWN = 20;
    private static final int MEMBERS_SHOWN = 8;

    private final Engine engine;

    ReportStage(Engine engine) {
        this.engine = engine;
    }

    /**
     * What is known of a run; each part may be null.
     *
     * @param run its training
     * @param correlation what correlating gave
     * @param clustering what clustering gave
     * @param layer the activations
     * @param graph the edges
     * @param clusters the clusters
     */
    record Parts(
            RunSummary run,
            CorrelationSummary correlation,
            ClusterSummary clustering,
            StandardisedLayer layer,
            CorrelationGraph graph,
            Clusters clusters) {}

    RunReport run(String title, Parts parts, Map<String, Double> seconds) {
        RunReport.Builder report = RunReport.builder(title)
                .settings(Settings.of(parts))
                .headline(headline(parts))
                .seconds(seconds);
        if (parts.run() != null) {
            report.training(curves(parts.run().training()));
        }
        if (parts.layer() != null && parts.layer().correlated().length > 0 && parts.correlation() != null) {
            report.histogram(histogram(parts));
            if (parts.clusters() != null) {
                report.matrix(matrix(parts));
            }
        }
        if (parts.graph() != null && parts.clusters() != null) {
            report.largestClusters(largest(parts.graph(), parts.clusters()));
        }
        return report.build();
    }

    static Headline headline(Parts parts) {
        CorrelationSummary found = parts.correlation();
        ClusterSummary clustered = parts.clustering();
        return new Headline(
                found == null
                        ? null
                        : new Headline.Layer(found.neurons(), found.samples(), found.constant(), found.neverActive()),
                found == null || found.topK() != null ? null : new Headline.Graph(found.threshold(), found.edges()),
                clustered == null ? null : new Headline.Clusters(clustered.method(), clustered.sizes()),
                parts.run() == null
                        ? null
                        : new Headline.Errors(
                                parts.run().training().trainError(),
                                parts.run().training().testError()));
    }

    /** Seconds of every stage that is known, in the order of the flow. */
    static Map<String, Double> seconds(Parts parts) {
        Map<String, Double> seconds = new LinkedHashMap<>();
        if (parts.run() != null) {
            seconds.putAll(parts.run().seconds());
        }
        if (parts.correlation() != null) {
            seconds.putAll(parts.correlation().seconds());
        }
        if (parts.clustering() != null) {
            seconds.put("cluster", parts.clustering().seconds());
        }
        return seconds;
    }

    private static TrainingCurves curves(TrainingSummary training) {
        int last = training.curve().size();
        return new TrainingCurves(training.curve().stream()
                .map(epoch -> new TrainingCurves.Epoch(
                        epoch.epoch(),
                        epoch.trainLoss(),
                        epoch.trainError(),
                        epoch.epoch() == last ? training.testError() : Double.NaN,
                        epoch.rate()))
                .toList());
    }

    private HistogramFigure histogram(Parts parts) {
        long seed = parts.run() == null ? 1 : parts.run().training().seed();
        CorrelationHistogram histogram =
                CorrelationHistogram.of(parts.layer(), seed, engine.kernels(), engine.workers(), engine.progress());
        int bins = histogram.counts().length;
        double[] edges = IntStream.rangeClosed(0, bins)
                .mapToDouble(bin -> 2.0 * bin / bins - 1)
                .toArray();
        double threshold = parts.correlation().threshold();
        if (histogram.isExact()) {
            return HistogramFigure.exact(edges, histogram.counts(), threshold);
        }
        String sample = String.format(
                "all pairs of %,d neurons drawn at random from %,d, seed %d",
                histogram.neurons(), histogram.candidates(), seed);
        return HistogramFigure.sampled(edges, histogram.counts(), threshold, sample);
    }

    private MatrixFigure matrix(Parts parts) {
        boolean[] correlated = new boolean[parts.layer().neurons()];
        for (int neuron : parts.layer().correlated()) {
            correlated[neuron] = true;
        }
        int[] order = Arrays.stream(parts.clusters().order())
                .filter(neuron -> correlated[neuron])
                .toArray();
        CorrelationImage image = CorrelationImage.of(parts.layer(), order, engine.kernels(), engine.workers());
        return new MatrixFigure(image.blocks(), image.values(), order.length, image.neuronsPerBlock());
    }

    private static List<LargeCluster> largest(CorrelationGraph graph, Clusters clusters) {
        return IntStream.range(0, Math.min(LARGEST_SHOWN, clusters.count()))
                .mapToObj(cluster -> cluster(graph, clusters, cluster))
                .toList();
    }

    private static LargeCluster cluster(CorrelationGraph graph, Clusters clusters, int cluster) {
        int representative = clusters.representatives()[cluster];
        int[] neighbours = new int[graph.rowLength(representative)];
        float[] correlations = new float[neighbours.length];
        graph.readIndices(representative, neighbours);
        graph.readValues(representative, correlations);
        double sum = 0;
        int adjacent = 0;
        for (int k = 0; k < neighbours.length; k++) {
            if (clusters.labels()[neighbours[k]] == cluster) {
                sum += correlations[k];
                adjacent++;
            }
        }
        // Members of a component need not be neighbours of its representative; then there is no such mean.
        double mean = adjacent == clusters.sizes()[cluster] - 1 ? sum / adjacent : Double.NaN;
        long[] members = Arrays.stream(clusters.members(cluster))
                .filter(neuron -> neuron != representative)
                .limit(MEMBERS_SHOWN)
                .asLongStream()
                .toArray();
        return new LargeCluster(representative, clusters.sizes()[cluster], mean, members);
    }
}

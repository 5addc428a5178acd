package dev.morula.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything a report shows. A section the run does not have is null, or empty where it is a list or a map; the page
 * then says which command would add it.
 *
 * @param title one line that tells this run from others
 * @param settings how the run was made, in groups
 * @param headline the numbers that answer "how much is there twice?"
 * @param training the course of training
 * @param histogram of the correlations of pairs
 * @param matrix the correlation matrix as an image, in cluster order
 * @param largestClusters a few of the largest clusters, largest first
 * @param seconds wall-clock seconds by stage, in the order of the flow
 */
public record RunReport(
        String title,
        List<SettingsGroup> settings,
        Headline headline,
        TrainingCurves training,
        HistogramFigure histogram,
        MatrixFigure matrix,
        List<LargeCluster> largestClusters,
        Map<String, Double> seconds) {

    public RunReport {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(headline, "headline");
        settings = List.copyOf(settings);
        largestClusters = List.copyOf(largestClusters);
        seconds = Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
    }

    public static Builder builder(String title) {
        return new Builder(title);
    }

    /** Collects the sections that a run has. */
    public static final class Builder {
        private final String title;
        private List<SettingsGroup> settings = List.of();
        private Headline headline = Headline.NONE;
        private TrainingCurves training;
        private HistogramFigure histogram;
        private MatrixFigure matrix;
        private List<LargeCluster> largestClusters = List.of();
        private Map<String, Double> seconds = Map.of();

        private Builder(String title) {
            this.title = title;
        }

        public Builder settings(List<SettingsGroup> groups) {
            this.settings = groups;
            return this;
        }

        public Builder headline(Headline numbers) {
            this.headline = numbers;
            return this;
        }

        public Builder training(TrainingCurves curves) {
            this.training = curves;
            return this;
        }

        public Builder histogram(HistogramFigure correlations) {
            this.histogram = correlations;
            return this;
        }

        public Builder matrix(MatrixFigure image) {
            this.matrix = image;
            return this;
        }

        public Builder largestClusters(List<LargeCluster> clusters) {
            this.largestClusters = clusters;
            return this;
        }

        public Builder seconds(Map<String, Double> byStage) {
            this.seconds = byStage;
            return this;
        }

        public RunReport build() {
            return new RunReport(title, settings, headline, training, histogram, matrix, largestClusters, seconds);
        }
    }
}

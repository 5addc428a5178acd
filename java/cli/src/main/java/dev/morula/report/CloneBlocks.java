package dev.morula.report;

import dev.morula.report.CloneTable.Clone;
import java.util.List;
import java.util.stream.IntStream;

/** What a page shows of dealt clones. */
final class CloneBlocks {
    static final String NAME = "clones";
    private static final String ACCURACY = "clone-accuracy";
    private static final int MOST_ROWS = 40;

    private CloneBlocks() {}

    /** The accuracy of each clone beside the band of random chunks. */
    static Chart chart(CloneTable found) {
        if (found == null) {
            return null;
        }
        DataTable rows = DataTable.of("clone", "accuracy", "randomLow", "randomHigh");
        for (int clone = 0; clone < found.clones().size(); clone++) {
            rows.add(clone + 1, found.clones().get(clone).accuracy(), found.low(), found.high());
        }
        Plot plot = Plot.lines("clone", Axis.names("clone"), Axis.percent("accuracy on test samples", Scale.LINEAR))
                .measure("accuracy", null, "dealt clones");
        if (found.low() != null && found.high() != null) {
            plot.guide(Guide.along(found.low(), found.high(), "random chunks"));
        }
        return new Chart(
                ACCURACY,
                found.sentence(),
                "Each point is a clone that was dealt so that it has as nearly as possible one neuron of every type. The "
                        + "band spans two standard deviations of random chunks of as many neurons to either side of their "
                        + "mean: a clone within it is no better than chance.",
                rows,
                plot.pointsOnly());
    }

    static TextTable table(CloneTable found) {
        if (found == null) {
            return null;
        }
        DataTable data = DataTable.of("clone", "neurons", "typesCovered", "accuracy", "r2", "residualCorrelation", "p");
        List<Clone> clones = found.clones();
        for (int k = 0; k < clones.size(); k++) {
            Clone clone = clones.get(k);
            data.add(
                    k + 1,
                    clone.neurons(),
                    clone.covered(),
                    clone.accuracy(),
                    clone.r2(),
                    clone.residualCorrelation(),
                    clone.p());
        }
        return new TextTable(
                NAME,
                Numbers.count(found.types(), "type") + " of neurons, dealt into "
                        + Numbers.count(clones.size(), "clone"),
                "The layer has " + Numbers.count(found.neurons(), "neuron") + "; the largest type has "
                        + Numbers.count(found.largestType())
                        + " of them. The last column is the share of random chunks "
                        + "of the same size that are at least as accurate."
                        + (clones.size() > MOST_ROWS
                                ? " The first " + MOST_ROWS + " are listed; the file has all."
                                : ""),
                data,
                List.of(
                        "Clone",
                        "Neurons",
                        "Types in it",
                        "Accuracy",
                        "R²",
                        "Correlation of residuals with other clones’",
                        "Random chunks as good"),
                IntStream.range(0, Math.min(MOST_ROWS, clones.size()))
                        .mapToObj(k -> row(k, clones.get(k)))
                        .toList(),
                TextTable.NUMBERS);
    }

    private static List<String> row(int index, Clone clone) {
        return List.of(
                Numbers.count(index + 1),
                Numbers.count(clone.neurons()),
                Numbers.share(clone.covered()),
                Numbers.share(clone.accuracy()),
                Numbers.value(clone.r2()),
                Numbers.value(clone.residualCorrelation()),
                Numbers.share(clone.p()));
    }
}

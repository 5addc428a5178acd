package dev.morula.report;

import dev.morula.report.CloneTable.Chunks;
import dev.morula.report.CloneTable.Clone;
import java.util.List;
import java.util.stream.IntStream;

/** What a page shows of dealt clones. */
final class CloneBlocks {
    static final String NAME = "clones";

    private CloneBlocks() {}

    /** The accuracy of each clone beside the band of random chunks. */
    static Chart chart(CloneTable found) {
        if (found == null) {
            return null;
        }
        DataTable rows = DataTable.of("clone", "accuracy", "randomMean", "randomLow", "randomHigh");
        Chunks chunks = found.chunks() == null ? new Chunks(null, null, null) : found.chunks();
        for (int clone = 0; clone < found.clones().size(); clone++) {
            Double accuracy = found.clones().get(clone).accuracy();
            rows.add(clone + 1, accuracy, chunks.accuracy(), chunks.low(), chunks.high());
        }
        Plot plot = Plot.lines("clone", Axis.names("clone"), Axis.percent("accuracy on held-out samples", Scale.LINEAR))
                .measure("accuracy", null, "dealt clones");
        if (chunks.isKnown()) {
            plot.guide(Guide.along(chunks.low(), chunks.high(), "95% of random chunks"));
        }
        return new Chart(
                "clone-accuracy",
                found.sentence(),
                "Each point is a clone that was dealt so that it has as nearly as possible one neuron of every type. The "
                        + "band holds 95% of random chunks with as many neurons: a clone within it is no better than chance.",
                rows,
                plot);
    }

    static TextTable table(CloneTable found) {
        if (found == null) {
            return null;
        }
        DataTable data =
                DataTable.of("clone", "neurons", "types", "accuracy", "r2", "residualCorrelation", "atLeastAsGood");
        List<Clone> clones = found.clones();
        for (int k = 0; k < clones.size(); k++) {
            Clone clone = clones.get(k);
            data.add(
                    k + 1,
                    clone.neurons(),
                    clone.types(),
                    clone.accuracy(),
                    clone.r2(),
                    clone.residualCorrelation(),
                    clone.atLeastAsGood());
        }
        return new TextTable(
                NAME,
                Numbers.count(found.types(), "type") + " of neurons, dealt into "
                        + Numbers.count(clones.size(), "clone"),
                "The layer has " + Numbers.count(found.neurons(), "neuron") + "; the largest type has "
                        + Numbers.count(found.largestType())
                        + " of them. The last column is the share of random chunks "
                        + "of the same size that are at least as accurate.",
                data,
                List.of(
                        "Clone",
                        "Neurons",
                        "Types in it",
                        "Accuracy",
                        "R²",
                        "Correlation of residuals with other clones’",
                        "Random chunks as good"),
                IntStream.range(0, clones.size())
                        .mapToObj(k -> row(k, clones.get(k)))
                        .toList(),
                TextTable.NUMBERS);
    }

    private static List<String> row(int index, Clone clone) {
        return List.of(
                Numbers.count(index + 1),
                Numbers.count(clone.neurons()),
                Numbers.count(clone.types()),
                Numbers.share(clone.accuracy()),
                Numbers.value(clone.r2()),
                Numbers.value(clone.residualCorrelation()),
                Numbers.share(clone.atLeastAsGood()));
    }
}

package dev.morula.report;

import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.SizeSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Train error, fits and their residuals by size of chunk, over a sweep. */
final class SweptChunkCharts {
    static final String ERRORS = "chunk-train-error";
    static final String FITS = "chunk-fits";
    private static final int MOST_PANELS = 12;

    private SweptChunkCharts() {}

    static Chart trainError(SweptGroups groups) {
        DataTable rows = DataTable.of("variant", "width", "size", "trainError", "trainErrorStdError");
        double smallest = Double.POSITIVE_INFINITY;
        double largest = 0;
        for (Group group : groups.groups()) {
            for (SizeSummary size : Swept.sizes(group)) {
                smallest = Math.min(smallest, size.size());
                largest = Math.max(largest, size.size());
                rows.add(
                        groups.variant(group, SweptGroups.WIDTH),
                        group.width(),
                        size.size(),
                        Swept.mean(size.trainError()),
                        Swept.standardError(size.trainError()));
            }
        }
        double tolerated = AnalysisSentences.TOLERATED;
        Plot plot = Plot.lines("size", Axis.doubling(ChunkCharts.SIZE), Axis.percent("train error", Scale.SQRT))
                .measure("trainError", "trainErrorStdError", "train error")
                .guide(Guide.line(null, null, smallest, tolerated, largest, tolerated, "0.5%"));
        return new Chart(
                ERRORS,
                errorTitle(groups),
                "Mean train error of random chunks, read out as they are; bars are standard errors over seeds. A curve that "
                        + "is down to 0.5% (dashed) before its last point has a critical width there. The scale is a "
                        + "square root, which spreads small errors out and still shows 0.",
                rows,
                Swept.arranged(plot, rows, SweptGroups.WIDTH, "W"));
    }

    private static String errorTitle(SweptGroups groups) {
        List<Group> with = groups.groups().stream()
                .filter(group -> Swept.value(group.criticalWidth()) != null)
                .toList();
        if (with.isEmpty()) {
            return "No chunk smaller than its layer classifies the train set";
        }
        Group widest = with.stream().max(Comparator.comparingInt(Group::width)).orElseThrow();
        return "Chunks of " + Counted.of(widest.criticalWidth().value(), "neuron") + " are enough at "
                + groups.name(widest) + "; " + with.size() + " of "
                + Numbers.count(groups.groups().size(), "group") + " have such a critical width";
    }

    static Chart fits(SweptGroups groups) {
        DataTable rows = DataTable.of(
                "group",
                "variant",
                "width",
                "size",
                "r2",
                "r2StdError",
                "residualCorrelation",
                "residualCorrelationStdError",
                "residualCorrelationAllPairs",
                "residualCorrelationAllPairsStdError");
        List<Guide> guides = new ArrayList<>();
        for (Group group : groups.groups()) {
            Swept.sizes(group).forEach(size -> addFit(rows, groups, group, size));
            Double critical = Swept.value(group.criticalWidth());
            if (critical != null) {
                guides.add(Guide.across(groups.name(group), critical, critical, "w*"));
            }
        }
        int count = rows.distinct("group").size();
        return new Chart(
                FITS,
                "Share of the layer that chunks explain, and what they leave",
                ChunkCharts.FIT_HOW
                        + (count > MOST_PANELS
                                ? " The last " + MOST_PANELS + " of " + count
                                        + " groups are drawn, the widest; the file has all."
                                : ""),
                rows,
                ChunkCharts.fitPlot().guides(guides).panels("group").mostPanels(MOST_PANELS));
    }

    private static void addFit(DataTable rows, SweptGroups groups, Group group, SizeSummary size) {
        rows.add(
                groups.name(group),
                groups.variant(group, SweptGroups.WIDTH),
                group.width(),
                size.size(),
                Swept.mean(size.r2()),
                Swept.standardError(size.r2()),
                Swept.mean(size.residualCorrelation()),
                Swept.standardError(size.residualCorrelation()),
                Swept.mean(size.residualCorrelationAllPairs()),
                Swept.standardError(size.residualCorrelationAllPairs()));
    }
}

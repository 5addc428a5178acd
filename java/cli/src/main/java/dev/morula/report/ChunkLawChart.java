package dev.morula.report;

import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Interval;
import dev.morula.redundancy.SweepSummary.SizeSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Test error of chunks above the asymptotic error, with the law of the paper and the critical widths. */
final class ChunkLawChart {
    static final String NAME = "chunk-law";
    private static final double ROUNDING = 1e-12;

    private final SweptGroups groups;
    private final DataTable rows = DataTable.of(
            "variant",
            "width",
            "size",
            "excess",
            "testError",
            "testErrorStdError",
            "errInf",
            "errInfStdError",
            "errInfFrom");

    private ChunkLawChart(SweptGroups groups) {
        this.groups = groups;
        groups.groups().forEach(this::list);
    }

    static Chart of(SweptGroups groups) {
        ChunkLawChart chart = new ChunkLawChart(groups);
        Plot plot = Plot.lines("size", Axis.doubling(ChunkCharts.SIZE), Axis.percent("error above err∞", Scale.LOG))
                .measure("excess", "testErrorStdError", "error above err∞")
                .guides(chart.guides());
        return new Chart(
                NAME,
                chart.title(),
                "Mean test error of random chunks less err∞, the error of the ensemble of all seeds, both axes logarithmic; "
                        + "bars are standard errors over seeds. The dashed grey line falls with the power −1/2, which the "
                        + "paper sees beyond w*; the band holds the critical widths of all lines with their intervals. "
                        + "Points at or below err∞ cannot be shown.",
                chart.rows,
                Swept.arranged(plot, chart.rows, SweptGroups.WIDTH, "W"));
    }

    private void list(Group group) {
        Double asymptote = asymptote(group);
        boolean ensemble = group.errInf() != null;
        for (SizeSummary size : Swept.sizes(group)) {
            Double error = Swept.mean(size.testError());
            rows.add(
                    groups.variant(group, SweptGroups.WIDTH),
                    group.width(),
                    size.size(),
                    error == null || asymptote == null ? null : excess(error, asymptote),
                    error,
                    Swept.standardError(size.testError()),
                    asymptote,
                    ensemble ? group.errInfStdError() : null,
                    asymptote == null ? null : ensemble ? "ensemble" : "fit");
        }
    }

    /** What rounding alone makes of equal errors is 0. */
    private static Double excess(double error, double asymptote) {
        double excess = error - asymptote;
        return Math.abs(excess) < ROUNDING ? 0 : excess;
    }

    /** That of the ensemble; where there is none, that of the fitted law. */
    private static Double asymptote(Group group) {
        if (group.errInf() != null) {
            return group.errInf();
        }
        return group.law() == null ? null : Swept.value(group.law().errInf());
    }

    private String title() {
        return groups.groups().stream()
                .filter(group ->
                        Swept.law(group) != null && Swept.value(Swept.law(group).exponent()) != null)
                .max(Comparator.comparingInt(Group::width))
                .map(group -> "Beyond w*, the error of chunks falls with the power "
                        + Swept.text(Swept.law(group).exponent()) + " of their size at " + groups.name(group))
                .orElse("Error of chunks above that of the ensemble; no power law could be fitted");
    }

    private List<Guide> guides() {
        List<Guide> guides = new ArrayList<>();
        for (String variant : groups.variants(SweptGroups.WIDTH)) {
            List<Group> members = groups.groups().stream()
                    .filter(group -> groups.variant(group, SweptGroups.WIDTH).equals(variant))
                    .toList();
            band(variant, members).ifPresent(guides::add);
            halfPower(variant, members).ifPresent(guides::add);
        }
        return guides;
    }

    private static Optional<Guide> band(String variant, List<Group> members) {
        List<Interval> widths = members.stream()
                .map(Group::criticalWidth)
                .filter(width -> Swept.value(width) != null)
                .toList();
        return widths.isEmpty()
                ? Optional.empty()
                : Optional.of(Guide.across(
                        variant,
                        least(widths, width -> width.low() == null ? width.value() : width.low()),
                        -least(widths, width -> -(width.high() == null ? width.value() : width.high())),
                        "w*"));
    }

    private static double least(List<Interval> widths, ToDoubleFunction<Interval> value) {
        return widths.stream().mapToDouble(value).min().orElseThrow();
    }

    /** The line of power -1/2 through the geometric middle of the points beyond the critical widths. */
    private static Optional<Guide> halfPower(String variant, List<Group> members) {
        List<double[]> points = new ArrayList<>();
        for (Group group : members) {
            Double critical = Swept.value(group.criticalWidth());
            Double asymptote = asymptote(group);
            for (SizeSummary size :
                    critical == null || asymptote == null ? List.<SizeSummary>of() : Swept.sizes(group)) {
                Double error = Swept.mean(size.testError());
                if (size.size() >= critical && error != null && excess(error, asymptote) > 0) {
                    points.add(new double[] {size.size(), error - asymptote});
                }
            }
        }
        if (points.isEmpty()) {
            return Optional.empty();
        }
        double factor = Math.exp(points.stream()
                .mapToDouble(point -> Math.log(point[1] * Math.sqrt(point[0])))
                .average()
                .orElseThrow());
        double first = points.stream().mapToDouble(point -> point[0]).min().orElseThrow();
        double last = points.stream().mapToDouble(point -> point[0]).max().orElseThrow();
        return first == last
                ? Optional.empty()
                : Optional.of(Guide.line(
                        variant, null, first, factor / Math.sqrt(first), last, factor / Math.sqrt(last), null));
    }
}

package dev.morula.report;

import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The number of clones against the width, with a straight line. */
final class CloneCountChart {
    static final String NAME = "clones-by-width";

    private CloneCountChart() {}

    static Chart of(SweptGroups groups) {
        DataTable rows = DataTable.of(
                "variant",
                "width",
                "clones",
                "clonesLow",
                "clonesHigh",
                "criticalWidth",
                "criticalWidthLow",
                "criticalWidthHigh",
                "linearFit");
        List<Guide> lines = new ArrayList<>();
        List<String> without = new ArrayList<>();
        for (String variant : groups.variants(SweptGroups.WIDTH)) {
            List<Group> members = groups.groups().stream()
                    .filter(group -> groups.variant(group, SweptGroups.WIDTH).equals(variant))
                    .toList();
            Optional<LineFit> fit = fit(members);
            members.forEach(group -> add(rows, variant, group, fit));
            fit.ifPresent(line -> lines.add(guide(variant, members, line)));
            without(variant, members).ifPresent(without::add);
        }
        Plot plot = Plot.lines("width", Axis.counts("neurons of the layer, W"), Axis.counts("clones, W / w*"))
                .interval("clones", "clonesLow", "clonesHigh")
                .guides(lines);
        if (rows.distinct("variant").size() > 1) {
            plot.series("variant", "");
        }
        return rows.distinct("width").size() < 2
                ? null
                : new Chart(NAME, title(groups), how(without), rows, plot.pointsOnly());
    }

    private static Optional<LineFit> fit(List<Group> members) {
        return LineFit.of(members.stream()
                .filter(group -> group.clones() != null)
                .map(group -> new double[] {group.width(), group.clones()})
                .toList());
    }

    private static void add(DataTable rows, String variant, Group group, Optional<LineFit> fit) {
        Interval critical = group.criticalWidth();
        rows.add(
                variant,
                group.width(),
                group.clones(),
                over(group, Swept.high(critical)),
                over(group, Swept.low(critical)),
                Swept.value(critical),
                Swept.low(critical),
                Swept.high(critical),
                fit.map(line -> line.at(group.width())).orElse(null));
    }

    private static Double over(Group group, Double bound) {
        return bound == null || group.clones() == null ? null : group.width() / bound;
    }

    private static Guide guide(String variant, List<Group> members, LineFit line) {
        List<Integer> widths = members.stream()
                .filter(group -> group.clones() != null)
                .map(Group::width)
                .toList();
        int first = widths.get(0);
        int last = widths.get(widths.size() - 1);
        return Guide.line(null, variant, first, line.at(first), last, line.at(last), null);
    }

    private static String title(SweptGroups groups) {
        List<Group> with =
                groups.groups().stream().filter(group -> group.clones() != null).toList();
        if (with.isEmpty()) {
            return "No layer holds clones";
        }
        Group last = with.get(with.size() - 1);
        List<Group> like = with.stream()
                .filter(group ->
                        groups.variant(group, SweptGroups.WIDTH).equals(groups.variant(last, SweptGroups.WIDTH)))
                .toList();
        Group first = like.get(0);
        return first == last
                ? "About " + Counted.of(last.clones(), "clone") + " at " + groups.name(last)
                : "From " + Counted.of(first.clones(), "clone") + " at W = " + Numbers.count(first.width()) + " to "
                        + Counted.of(last.clones(), "clone") + " at " + groups.name(last);
    }

    /** "W = 32, 64 (weight decay 0)": the widths of a variant whose chunks show no clones. */
    private static Optional<String> without(String variant, List<Group> members) {
        List<String> widths = members.stream()
                .filter(group -> group.clones() == null && !Swept.sizes(group).isEmpty())
                .map(group -> Numbers.count(group.width()))
                .toList();
        return widths.isEmpty()
                ? Optional.empty()
                : Optional.of("W = " + String.join(", ", widths) + (variant.isEmpty() ? "" : " (" + variant + ")"));
    }

    private static String how(List<String> without) {
        return "A layer of W neurons holds n = W / w* clones, where it has a critical width w*; bars are 95% intervals over "
                + "seeds. The dashed line is the straight one of least squares: the paper sees n grow linearly."
                + (without.isEmpty() ? "" : " No clones at " + String.join("; ", without) + ".");
    }
}

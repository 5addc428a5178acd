package dev.morula.report;

import dev.morula.redundancy.Analysis.AblationPoint;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Group;
import java.util.List;
import java.util.function.Function;

/** What changes with the width: units, ablation, and the wide network beside ensembles. */
final class WidthCharts {
    private WidthCharts() {}

    static Chart similarUnits(SweptGroups groups) {
        return against(
                groups,
                "similar-units",
                "similarUnits",
                Group::similarUnits,
                Axis.plain("similar units of a unit", Scale.ZERO),
                "For each unit, the other units of its layer whose absolute correlation with it is at least 0.5; mean over "
                        + "units, then over all layers but the output. Bars are standard errors over seeds.");
    }

    static Chart removable(SweptGroups groups) {
        return against(
                groups,
                "removable",
                "removable",
                Group::removable,
                Axis.plain("AUC of the ablation curve", Scale.LINEAR),
                "The mean of the ablation curve: how much of its predictions a network keeps as random units go, over all "
                        + "shares. Bars are standard errors over seeds.");
    }

    static Chart compressability(SweptGroups groups) {
        return against(
                groups,
                "compressability",
                "compressability",
                Group::compressability,
                Axis.percent("compressability", Scale.LINEAR),
                "The share of a layer’s directions, those of the smallest eigenvalues of its covariance, that carry just over "
                        + "5% of the variance; mean over layers. Bars are standard errors over seeds.");
    }

    private static Chart against(
            SweptGroups groups, String name, String column, Function<Group, Estimate> value, Axis axis, String how) {
        DataTable rows = DataTable.of("variant", "width", column, column + "StdError");
        for (Group group : groups.groups()) {
            Estimate estimate = value.apply(group);
            rows.add(
                    groups.variant(group, SweptGroups.WIDTH),
                    group.width(),
                    Swept.mean(estimate),
                    Swept.standardError(estimate));
        }
        Plot plot =
                Plot.lines("width", Axis.doubling("width"), axis).measure(column, column + "StdError", axis.title());
        if (rows.distinct("variant").size() > 1) {
            plot.series("variant", "");
        }
        return onlyOneWidth(rows) ? null : new Chart(name, trend(groups, value, axis.title()), how, rows, plot);
    }

    /** Then there is nothing to compare that the table of groups does not show. */
    private static boolean onlyOneWidth(DataTable rows) {
        return rows.distinct(SweptGroups.WIDTH).size() < 2;
    }

    /** "From 2.2 to 8.0 similar units of a unit, W = 32 to 512". */
    private static String trend(SweptGroups groups, Function<Group, Estimate> value, String what) {
        List<Group> with = groups.groups().stream()
                .filter(group -> Swept.mean(value.apply(group)) != null)
                .toList();
        if (with.isEmpty()) {
            return what;
        }
        Group first = with.get(0);
        String variant = groups.variant(first, SweptGroups.WIDTH);
        Group last = with.stream()
                .filter(group -> groups.variant(group, SweptGroups.WIDTH).equals(variant))
                .reduce(first, (earlier, later) -> later);
        String from = Numbers.value(Swept.mean(value.apply(first)));
        String to = Numbers.value(Swept.mean(value.apply(last)));
        String where = variant.isEmpty() ? "" : " (" + variant + ")";
        return first == last
                ? to + " " + what + " at W = " + Numbers.count(last.width()) + where
                : "From " + from + " to " + to + " " + what + ", W = " + Numbers.count(first.width()) + " to "
                        + Numbers.count(last.width()) + where;
    }

    static Chart ablation(SweptGroups groups) {
        DataTable rows = DataTable.of("variant", "width", "share", "agreement", "agreementStdError");
        for (Group group : groups.groups()) {
            for (AblationPoint point : group.ablation() == null ? List.<AblationPoint>of() : group.ablation()) {
                rows.add(
                        groups.variant(group, SweptGroups.WIDTH),
                        group.width(),
                        point.share(),
                        point.agreement(),
                        point.agreementStdError());
            }
        }
        Plot plot = Plot.lines(
                        "share",
                        Axis.percent("units set to 0", Scale.ZERO),
                        Axis.percent("unchanged predictions", Scale.ZERO))
                .measure("agreement", "agreementStdError", "unchanged predictions")
                .guide(Guide.along(0.8, 0.8, "80%"));
        return new Chart(
                "ablation",
                "Predictions that survive the loss of units",
                LayerCharts.ABLATION_HOW,
                rows,
                Swept.arranged(plot, rows, SweptGroups.WIDTH, "W"));
    }

    static Chart ensembles(SweptGroups groups) {
        DataTable rows = DataTable.of(
                "variant",
                "width",
                "testError",
                "testErrorStdError",
                "ensembleError",
                "ensembleErrorStdError",
                "errInf",
                "errInfStdError");
        for (Group group : groups.groups()) {
            rows.add(
                    groups.variant(group, SweptGroups.WIDTH),
                    group.width(),
                    Swept.mean(group.testError()),
                    Swept.standardError(group.testError()),
                    Swept.mean(group.ensembleError()),
                    Swept.standardError(group.ensembleError()),
                    group.errInf(),
                    group.errInfStdError());
        }
        Plot plot = Plot.lines("width", Axis.doubling("width"), Axis.percent("test error", Scale.LINEAR))
                .measure("testError", "testErrorStdError", "one network")
                .measure("ensembleError", "ensembleErrorStdError", "narrow networks, one a clone")
                .measure("errInf", "errInfStdError", "all seeds together, err∞");
        if (rows.distinct("variant").size() > 1) {
            plot.panels("variant");
        }
        if (onlyOneWidth(rows) || !rows.has("ensembleError") && !rows.has("errInf")) {
            return null;
        }
        return new Chart(
                "ensembles",
                "Test error of wide networks beside that of ensembles",
                "One wide network; as many networks of about its critical width as it has clones, their logits added; and the "
                        + "ensemble of all its seeds. The paper claims, for one task, that the first two are alike.",
                rows,
                plot);
    }
}

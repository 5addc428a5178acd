package dev.morula.report;

import dev.morula.redundancy.SweepSummary;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Run;
import dev.morula.redundancy.SweepSummary.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Tables of a sweep. */
final class SweepTables {
    static final String SHAPES = "shapes";
    private static final String NOT_MEASURED = "not measured";

    private SweepTables() {}

    /** The papers' shapes, those that were not seen first. Those that were not measured are in the file alone. */
    static TextTable shapes(SweepSummary summary) {
        DataTable data = DataTable.of("paper", "shape", "seenHere", "evidence");
        List<List<String>> rows = new ArrayList<>();
        for (String verdict : List.of("not seen", "seen", NOT_MEASURED)) {
            for (Shape shape : shapesOf(summary)) {
                if (verdict.equals(shape.verdict())) {
                    data.add(shape.paper(), shape.claim(), shape.verdict(), shape.evidence());
                    if (!verdict.equals(NOT_MEASURED)) {
                        rows.add(List.of(
                                shape.claim(),
                                shape.verdict(),
                                Objects.requireNonNullElse(shape.evidence(), "none"),
                                shape.paper()));
                    }
                }
            }
        }
        return new TextTable(
                SHAPES,
                SweepSentences.shapes(summary),
                "What the papers saw, and whether it appears in this sweep: in more than half of the comparisons that it has. "
                        + "sweep.json lists each of them.",
                data,
                List.of("The paper’s shape", "Here", "Evidence", "Paper"),
                rows,
                TextTable.WORDS);
    }

    /** Of each shape that was not measured what that takes, as HTML. */
    static List<String> notMeasured(SweepSummary summary) {
        return shapesOf(summary).stream()
                .filter(shape -> NOT_MEASURED.equals(shape.verdict()))
                .map(shape -> Html.escape("Whether " + shape.claim() + ": "
                        + Objects.requireNonNullElse(shape.evidence(), "not measured") + "."))
                .toList();
    }

    static List<Shape> shapesOf(SweepSummary summary) {
        return summary.shapes() == null ? List.of() : summary.shapes();
    }

    static TextTable groups(SweptGroups groups) {
        DataTable data = DataTable.of(
                "group",
                "width",
                "seeds",
                "trainError",
                "trainErrorStdError",
                "testError",
                "testErrorStdError",
                "errInf",
                "criticalWidth",
                "criticalWidthLow",
                "criticalWidthHigh",
                "clones",
                "exponent",
                "exponentLow",
                "exponentHigh",
                "fittedErrInf",
                "exponentToEnsemble",
                "exponentToEnsembleLow",
                "exponentToEnsembleHigh",
                "similarUnits",
                "removable",
                "prunability",
                "compressability");
        List<List<String>> rows = new ArrayList<>();
        for (Group group : groups.groups()) {
            add(data, groups.name(group), group);
            rows.add(List.of(
                    groups.name(group),
                    Numbers.count(runs(group).size()),
                    Swept.percent(group.trainError()),
                    Swept.percent(group.testError()),
                    Numbers.share(group.errInf()),
                    Swept.text(group.criticalWidth()),
                    Numbers.value(group.clones()),
                    Swept.law(group) == null
                            ? "none"
                            : Swept.text(Swept.law(group).exponent()),
                    Swept.text(group.similarUnits()),
                    Swept.text(group.removable()),
                    Swept.text(group.prunability()),
                    Swept.text(group.compressability())));
        }
        String meanings = groups.variantMeanings();
        return new TextTable(
                "groups",
                "Every group of networks in numbers",
                "Networks of a group differ in their seed alone. Means with standard errors over seeds; brackets are 95% "
                        + "intervals. “None” stands for what is not defined there or was not measured."
                        + (meanings.isEmpty() ? "" : " By name, " + meanings + "."),
                data,
                List.of(
                        "Networks",
                        "Seeds",
                        "Train error",
                        "Test error",
                        "err∞",
                        "w*",
                        "Clones",
                        "Power of the law",
                        "Similar units",
                        "AUC",
                        "Prun\u00adability",
                        "Compress\u00adability"),
                rows,
                TextTable.NUMBERS);
    }

    private static void add(DataTable data, String name, Group group) {
        boolean law = group.law() != null;
        boolean ensemble = group.lawOfEnsemble() != null;
        data.add(
                name,
                group.width(),
                runs(group).size(),
                Swept.mean(group.trainError()),
                Swept.standardError(group.trainError()),
                Swept.mean(group.testError()),
                Swept.standardError(group.testError()),
                group.errInf(),
                Swept.value(group.criticalWidth()),
                Swept.low(group.criticalWidth()),
                Swept.high(group.criticalWidth()),
                group.clones(),
                law ? Swept.value(group.law().exponent()) : null,
                law ? Swept.low(group.law().exponent()) : null,
                law ? Swept.high(group.law().exponent()) : null,
                law ? Swept.value(group.law().errInf()) : null,
                ensemble ? Swept.value(group.lawOfEnsemble().exponent()) : null,
                ensemble ? Swept.low(group.lawOfEnsemble().exponent()) : null,
                ensemble ? Swept.high(group.lawOfEnsemble().exponent()) : null,
                Swept.mean(group.similarUnits()),
                Swept.mean(group.removable()),
                Swept.mean(group.prunability()),
                Swept.mean(group.compressability()));
    }

    static List<Run> runs(Group group) {
        return group.runs() == null ? List.of() : group.runs();
    }

    /** Networks that missed the goal of training; each network is in the file. */
    static TextTable missed(SweptGroups groups) {
        DataTable data = DataTable.of("group", "folder", "seed", "epochs", "trainError", "testError", "goalReached");
        List<List<String>> rows = new ArrayList<>();
        long all = 0;
        for (Group group : groups.groups()) {
            for (Run run : runs(group)) {
                all++;
                data.add(
                        groups.name(group),
                        run.folder(),
                        run.seed(),
                        run.epochs(),
                        run.trainError(),
                        run.testError(),
                        run.goalReached());
                if (!run.goalReached()) {
                    rows.add(List.of(
                            run.folder(),
                            Numbers.count(run.epochs()),
                            Numbers.share(run.trainError()),
                            Numbers.share(run.testError())));
                }
            }
        }
        String title = rows.isEmpty()
                ? (all == 1 ? "The one network" : "All " + Numbers.count(all) + " networks")
                        + " reached the goal of training"
                : Numbers.count(rows.size()) + " of " + Numbers.count(all, "network") + " missed the goal of training";
        return new TextTable(
                "networks",
                title,
                "Networks that missed it are in all figures nevertheless"
                        + (rows.size() > 20 ? "; 20 are listed, " : ", ") + "and the file lists every network.",
                data,
                List.of("Folder", "Epochs", "Train error", "Test error"),
                rows.subList(0, Math.min(20, rows.size())),
                TextTable.NUMBERS);
    }
}

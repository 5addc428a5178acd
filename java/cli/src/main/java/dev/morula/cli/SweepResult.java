package dev.morula.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.morula.redundancy.SweepSummary;
import dev.morula.redundancy.SweepSummary.BoundTerms;
import dev.morula.redundancy.SweepSummary.Shape;
import dev.morula.redundancy.SweepSummary.WidthGrowth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a sweep came to, as sweep.json keeps it beside the fields of the summary.
 *
 * @param arguments the command line, without the program's name
 * @param missed folders of the networks that missed their goal
 * @param failed folders of the networks that could not be trained, and why
 */
record SweepResult(
        List<String> arguments, @JsonUnwrapped SweepSummary summary, List<String> missed, List<Failed> failed) {

    /** A network that could not be trained. */
    record Failed(String folder, String sentence) {}

    static SweepResult of(List<String> arguments, SweepFolder folder, SweepPlan plan, SweepSummary summary) {
        List<String> missed = summary.groups().stream()
                .flatMap(group -> group.runs().stream())
                .filter(run -> !run.goalReached())
                .map(SweepSummary.Run::folder)
                .toList();
        List<Failed> failed = new ArrayList<>();
        for (SweepPlan.Planned planned : plan.runs()) {
            SweepRun run = folder.run(planned);
            if (run.hasFailed()) {
                failed.add(new Failed(planned.folder(), run.failureSentence()));
            }
        }
        return new SweepResult(arguments, summary, missed, failed);
    }

    int runs() {
        return failed.size()
                + summary.groups().stream()
                        .mapToInt(group -> group.runs().size())
                        .sum();
    }

    private static String growth(WidthGrowth growth) {
        return String.format(
                "%ng = %s times as many compressible directions per doubling of the width%s",
                number(growth.perDoubling()), growth.name().isEmpty() ? "" : " (" + listed(growth.name()) + ")");
    }

    private static String bound(BoundTerms bound) {
        return String.format(
                Locale.ROOT,
                "%nbound on the test error, %s, error %s: P = %.3g (depth %s, least with noise %s), (1 + alpha) p = %.3g, sum "
                        + "%.3g; delta terms %s",
                listed(bound.name()),
                bound.error(),
                bound.probability(),
                number(bound.cleanDepth()),
                number(bound.leastNoisyDepth()),
                bound.noise(),
                bound.sum(),
                bound.deltas());
    }

    private static String listed(Map<String, String> name) {
        return name.entrySet().stream()
                .map(entry ->
                        entry.getKey().equals("variant") ? entry.getValue() : entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String number(Double value) {
        return value == null ? "none" : String.format(Locale.ROOT, "%.3g", value);
    }

    String text() {
        StringBuilder text = new StringBuilder(String.format(
                "%d networks of %d kinds", runs(), summary.groups().size()));
        for (Shape shape : summary.shapes()) {
            text.append(String.format("%n%-13s %s", shape.verdict(), shape.claim()));
        }
        summary.growth().forEach(growth -> text.append(growth(growth)));
        summary.depthBounds().forEach(bound -> text.append(bound(bound)));
        return text.toString();
    }
}

package dev.morula.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.morula.redundancy.SweepSummary;
import dev.morula.redundancy.SweepSummary.Shape;
import java.util.ArrayList;
import java.util.List;

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

    String text() {
        StringBuilder text = new StringBuilder(String.format(
                "%d networks of %d kinds", runs(), summary.groups().size()));
        for (Shape shape : summary.shapes()) {
            text.append(String.format("%n%-13s %s", shape.verdict(), shape.claim()));
        }
        return text.toString();
    }
}

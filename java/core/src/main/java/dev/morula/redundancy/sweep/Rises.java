package dev.morula.redundancy.sweep;

import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Shape;
import java.util.List;
import java.util.function.Function;

/**
 * The rule for "rises with the width": of groups that differ in the width alone, the widest has a value that is above the
 * narrowest one's by more than twice the standard error of the difference, and from no width to the next does it fall by
 * more than that. It takes two widths and two seeds of each.
 */
final class Rises {
    private static final String WIDTH = "width";
    private static final double STANDARD_ERRORS = 2;

    private Rises() {}

    static Shape withWidth(
            String paper, String claim, List<Group> groups, Function<Group, Estimate> value, String whatItTakes) {
        Verdict verdict = new Verdict(paper, claim);
        for (List<Group> series : Kinds.series(groups, WIDTH, 2)) {
            List<Group> measured = series.stream()
                    .filter(group -> Verdict.standardErrorsAbove(value.apply(group), value.apply(group)) != null)
                    .toList();
            if (measured.size() > 1) {
                verdict.add(rises(measured, value), "%s", figures(measured, value));
            }
        }
        return verdict.shape(whatItTakes);
    }

    private static boolean rises(List<Group> series, Function<Group, Estimate> value) {
        for (int i = 1; i < series.size(); i++) {
            if (above(value.apply(series.get(i)), value.apply(series.get(i - 1))) < -STANDARD_ERRORS) {
                return false;
            }
        }
        return above(value.apply(series.get(series.size() - 1)), value.apply(series.get(0))) > STANDARD_ERRORS;
    }

    private static double above(Estimate higher, Estimate lower) {
        return Verdict.standardErrorsAbove(higher, lower);
    }

    /** "no-decay: 1.7, 2.4 and 4.5 at width 32, 64 and 128". */
    static String figures(List<Group> series, Function<Group, Estimate> value) {
        String name = Kinds.name(series.get(0), WIDTH);
        return (name.isEmpty() ? "" : name + ": ")
                + listed(series, group -> Verdict.text(value.apply(group)))
                + " at width "
                + listed(series, group -> group.settings().get(WIDTH));
    }

    private static String listed(List<Group> series, Function<Group, String> text) {
        List<String> texts = series.stream().map(text).toList();
        int last = texts.size() - 1;
        return last == 0 ? texts.get(0) : String.join(", ", texts.subList(0, last)) + " and " + texts.get(last);
    }
}

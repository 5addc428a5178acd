package dev.morula.report;

import dev.morula.redundancy.SweepSummary;
import dev.morula.redundancy.SweepSummary.Group;
import java.util.ArrayList;
import java.util.List;

/** What a sweep says, in plain words. */
final class SweepSentences {
    private static final int MOST_VARIANTS = 3;

    private SweepSentences() {}

    static String summary(SweepSummary summary, SweptGroups groups) {
        if (groups.groups().isEmpty()) {
            return "No network of this sweep has been analysed.";
        }
        List<String> sentences = new ArrayList<>();
        List<String> variants = groups.variants(SweptGroups.WIDTH);
        boolean chunks =
                groups.groups().stream().anyMatch(group -> !Swept.sizes(group).isEmpty());
        if (chunks && variants.size() <= MOST_VARIANTS) {
            variants.forEach(variant -> sentences.add(variant(groups, variant)));
        } else if (chunks) {
            long with = groups.groups().stream()
                    .filter(group -> group.clones() != null)
                    .count();
            sentences.add("Of " + Numbers.count(groups.groups().size(), "group") + " of networks, "
                    + Numbers.count(with) + (with == 1 ? " holds" : " hold") + " clones.");
        }
        DepthSentence.of(groups).ifPresent(depth -> sentences.add(depth + "."));
        Chart units = WidthCharts.similarUnits(groups);
        if (units != null && units.hasData()) {
            sentences.add(units.title() + ".");
        }
        if (!SweepTables.shapesOf(summary).isEmpty()) {
            sentences.add(shapes(summary) + ".");
        }
        if (sentences.isEmpty()) {
            int count = groups.groups().size();
            sentences.add(
                    count == 1
                            ? "Networks that differ in their seed alone."
                            : Numbers.count(count) + " groups of networks that differ in more than their seed.");
        }
        return String.join(" ", sentences);
    }

    /** The widest layer with clones, or that there is none. */
    private static String variant(SweptGroups groups, String variant) {
        String start = variant.isEmpty() ? "" : variant + ": ";
        List<Group> members = groups.groups().stream()
                .filter(group -> groups.variant(group, SweptGroups.WIDTH).equals(variant))
                .toList();
        Group widest = members.get(members.size() - 1);
        for (int k = members.size() - 1; k >= 0; k--) {
            Group group = members.get(k);
            if (group.clones() != null && Swept.value(group.criticalWidth()) != null) {
                return capital(start) + "W = " + Numbers.count(group.width()) + " holds about "
                        + Counted.of(group.clones(), "clone") + "; chunks of "
                        + Counted.of(group.criticalWidth().value(), "random neuron")
                        + " classify the train set as well as the whole layer.";
            }
        }
        String width = members.size() == 1 ? "W = " + Numbers.count(widest.width()) : "no width";
        return capital(start + width) + " holds " + (members.size() == 1 ? "no " : "") + "clones.";
    }

    private static String capital(String sentence) {
        return sentence.isEmpty() ? "" : Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }

    static String shapes(SweepSummary summary) {
        long seen = count(summary, "seen");
        long unseen = count(summary, "not seen");
        long unmeasured = count(summary, "not measured");
        return "Of " + Numbers.count(seen + unseen + unmeasured, "shape") + " that the papers saw, " + seen
                + (seen == 1 ? " is" : " are") + " seen here, " + unseen + (unseen == 1 ? " is" : " are") + " not"
                + (unmeasured == 0
                        ? ""
                        : ", and " + unmeasured + (unmeasured == 1 ? " was" : " were") + " not measured");
    }

    private static long count(SweepSummary summary, String verdict) {
        return SweepTables.shapesOf(summary).stream()
                .filter(shape -> verdict.equals(shape.verdict()))
                .count();
    }
}

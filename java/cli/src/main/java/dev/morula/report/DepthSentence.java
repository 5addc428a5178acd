package dev.morula.report;

import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Group;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How deep networks are in effect, in a sentence on the shallowest and the deepest that have an effective depth. */
final class DepthSentence {
    private DepthSentence() {}

    /** By the least error allowed that any network of the first variant reaches; nothing where none does. */
    static Optional<String> of(SweptGroups groups) {
        List<Group> like = groups.groups().stream()
                .filter(group -> SweptGroups.depth(group).isPresent())
                .filter(group -> groups.variant(group, SweptGroups.DEPTH)
                        .equals(groups.variants(SweptGroups.DEPTH).get(0)))
                .toList();
        Optional<String> allowed = like.stream()
                .flatMap(group -> depths(group).entrySet().stream())
                .filter(depth -> Swept.mean(depth.getValue()) != null)
                .map(Map.Entry::getKey)
                .min((one, other) -> Double.compare(Double.parseDouble(one), Double.parseDouble(other)));
        return allowed.map(error -> sentence(groups, like, error));
    }

    private static String sentence(SweptGroups groups, List<Group> like, String error) {
        List<Group> with = like.stream()
                .filter(group -> Swept.mean(depths(group).get(error)) != null)
                .toList();
        Group last = with.get(with.size() - 1);
        String variant = groups.variant(last, SweptGroups.DEPTH);
        return "The effective depth is " + at(with.get(0), error)
                + (with.size() > 1 ? " and " + at(last, error) : "")
                + " (at most " + Numbers.round(Double.parseDouble(error)) + " wrong by nearest class centres"
                + (variant.isEmpty() ? ")" : ", " + variant + ")");
    }

    private static String at(Group group, String error) {
        return Numbers.value(Swept.mean(depths(group).get(error))) + " at L = "
                + Numbers.plain(SweptGroups.depth(group).orElseThrow());
    }

    private static Map<String, Estimate> depths(Group group) {
        return group.effectiveDepth() == null ? Map.of() : group.effectiveDepth();
    }
}

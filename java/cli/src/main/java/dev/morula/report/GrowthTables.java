package dev.morula.report;

import dev.morula.redundancy.SweepSummary;
import dev.morula.redundancy.SweepSummary.BoundTerms;
import dev.morula.redundancy.SweepSummary.WidthGrowth;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Tables of what a sweep has over several groups at once: growth with the width, and the terms of a bound. */
final class GrowthTables {
    static final String GROWTH = "growth";
    static final String BOUND = "depth-bound";

    private GrowthTables() {}

    static TextTable growth(SweepSummary summary) {
        DataTable data = DataTable.of("variant", "layer", "growthPerDoubling");
        List<List<String>> rows = new ArrayList<>();
        for (WidthGrowth growth : growthOf(summary)) {
            String name = SweptGroups.text(growth.name());
            data.add(name, "mean", growth.perDoubling());
            growth.layers().forEach((layer, ofLayer) -> data.add(name, layer, ofLayer));
            rows.add(List.of(
                    name.isEmpty() ? "all" : name,
                    growth.widths().stream().map(Numbers::plain).collect(Collectors.joining(", ")),
                    Numbers.value(growth.perDoubling())));
        }
        return new TextTable(
                GROWTH,
                growthTitle(summary),
                "The directions of a layer that hardly matter are the smallest eigenvalues of its covariance that carry just "
                        + "over 5% of the variance. g is the ratio of their number at one width to that at half the width, "
                        + "mean over widths and layers; 2 is proportional growth.",
                data,
                List.of("Networks", "Widths", "g"),
                rows,
                TextTable.NUMBERS);
    }

    private static String growthTitle(SweepSummary summary) {
        List<Double> known = growthOf(summary).stream()
                .map(WidthGrowth::perDoubling)
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        if (known.isEmpty()) {
            return "How compressible directions grow with the width";
        }
        String least = Numbers.value(known.get(0));
        String most = Numbers.value(known.get(known.size() - 1));
        return "Twice the width has " + (least.equals(most) ? least : least + " to " + most)
                + " times as many compressible directions";
    }

    private static List<WidthGrowth> growthOf(SweepSummary summary) {
        return summary.growth() == null ? List.of() : summary.growth();
    }

    static TextTable bound(SweepSummary summary) {
        DataTable data = DataTable.of(
                "networks",
                "allowed",
                "cleanDepth",
                "leastNoisyDepth",
                "trials",
                "share",
                "alpha",
                "probability",
                "noise",
                "sum",
                "deltas");
        List<List<String>> rows = new ArrayList<>();
        for (BoundTerms bound : summary.depthBounds() == null ? List.<BoundTerms>of() : summary.depthBounds()) {
            String name = SweptGroups.text(bound.name());
            data.add(
                    name,
                    bound.error(),
                    bound.cleanDepth(),
                    bound.leastNoisyDepth(),
                    bound.trials(),
                    bound.share(),
                    bound.alpha(),
                    bound.probability(),
                    bound.noise(),
                    bound.sum(),
                    bound.deltas());
            rows.add(List.of(
                    name,
                    Numbers.round(Double.parseDouble(bound.error())),
                    Numbers.value(bound.cleanDepth()),
                    Numbers.value(bound.leastNoisyDepth()),
                    Numbers.value(bound.probability()),
                    Numbers.value(bound.noise()),
                    Numbers.value(bound.sum())));
        }
        return new TextTable(
                BOUND,
                "The terms of the bound on the test error",
                "Networks were trained on samples S1, and on S1 with noisy ones beside them, a share p of whose labels "
                        + "is random. The bound is the probability that the mean depth on S1 reaches the least depth that any "
                        + "network with the noisy samples has, plus (1 + α) p with α = 0, plus terms that the paper does not "
                        + "say how to compute: they are left out. All seeds have the same samples, so the probability is 0 "
                        + "or 1. “None” is deeper than all.",
                data,
                List.of("Networks", "Error allowed", "Mean depth on S1", "Least with noise", "P", "p", "Sum"),
                rows,
                TextTable.NUMBERS);
    }
}

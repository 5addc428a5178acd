package dev.morula.redundancy.units;

import dev.morula.MorulaException;
import java.util.Map;
import java.util.SortedMap;

/** How a count grows with the width of a network: g of Casper et al. */
public final class Growth {
    private Growth() {}

    /**
     * The mean ratio of a count at one width to that at the width before, a doubling of the width; 2 is proportional
     * growth. Widths that are not doublings count by the logarithm of their ratio. Null for fewer than two widths.
     *
     * @param counts by width, or by width factor: compressible directions of a layer, or their mean over seeds
     */
    public static Double perDoubling(SortedMap<Double, Double> counts) {
        double sum = 0;
        Map.Entry<Double, Double> before = null;
        for (Map.Entry<Double, Double> each : counts.entrySet()) {
            if (!(each.getKey() > 0 && each.getValue() > 0)) {
                throw MorulaException.input(
                        "growth: a count of %s at width %s; both must be above 0", each.getValue(), each.getKey());
            }
            if (before != null) {
                double doublings = Math.log(each.getKey() / before.getKey()) / Math.log(2);
                sum += Math.pow(each.getValue() / before.getValue(), 1 / doublings);
            }
            before = each;
        }
        return counts.size() < 2 ? null : sum / (counts.size() - 1);
    }
}

package dev.morula.redundancy.units;

import dev.morula.redundancy.Analysis.AblationPoint;
import java.util.List;

/**
 * How many predictions stay what they were while ever more units are set to 0.
 *
 * @param points from a share of 0 to one of 1
 */
public record AblationCurve(List<AblationPoint> points) {
    private static final double AGREEMENT = 0.8;

    public AblationCurve {
        points = List.copyOf(points);
    }

    /** The mean of the curve: its AUC, "removable" in Casper et al. */
    public double removable() {
        return points.stream().mapToDouble(AblationPoint::agreement).sum() / points.size();
    }

    /** The share of units at which the curve first falls below 80 %, interpolated; null if it never does. */
    public Double prunability() {
        for (int i = 1; i < points.size(); i++) {
            AblationPoint before = points.get(i - 1);
            AblationPoint after = points.get(i);
            if (before.agreement() >= AGREEMENT && after.agreement() < AGREEMENT) {
                double part = (before.agreement() - AGREEMENT) / (before.agreement() - after.agreement());
                return before.share() + part * (after.share() - before.share());
            }
        }
        return null;
    }
}

package dev.morula.redundancy.sweep;

import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.SizeSummary;
import dev.morula.redundancy.chunks.CriticalWidth;
import java.util.List;

/**
 * How many chunks a layer has room for that do what the layer does, whatever that is: its width over the smallest chunk,
 * interpolated by the logarithm of the size, whose train error is at most half a percent above the layer's own. For a layer
 * without train errors these are its clones.
 */
final class RelativeClones {
    private RelativeClones() {}

    /** 1 or more; null without train errors of chunks. */
    static Double of(Group group) {
        List<SizeSummary> sizes = group.sizes().stream()
                .filter(size -> size.trainError().mean() != null)
                .toList();
        if (sizes.isEmpty()) {
            return null;
        }
        SizeSummary whole = sizes.get(sizes.size() - 1);
        double most = whole.trainError().mean() + CriticalWidth.MOST_ERROR;
        for (int i = 0; i < sizes.size(); i++) {
            double error = sizes.get(i).trainError().mean();
            if (error <= most) {
                return whole.size() / (i == 0 ? sizes.get(0).size() : crossing(sizes.get(i - 1), sizes.get(i), most));
            }
        }
        throw new IllegalStateException("the whole layer is as good as itself");
    }

    private static double crossing(SizeSummary above, SizeSummary below, double error) {
        double before = above.trainError().mean();
        double part = (before - error) / (before - below.trainError().mean());
        return above.size() * Math.pow((double) below.size() / above.size(), part);
    }
}

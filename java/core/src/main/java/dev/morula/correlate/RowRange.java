package dev.morula.correlate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Rows of a layer's correlation matrix, which is to say neurons: {@code first} up to but without {@code end}.
 *
 * @param first at least 0
 * @param end more than {@code first}
 */
public record RowRange(int first, int end) implements Comparable<RowRange> {
    /** The rows of every layer. */
    public static final RowRange ALL = new RowRange(0, Integer.MAX_VALUE);

    public RowRange {
        if (first < 0 || end <= first) {
            throw new IllegalArgumentException("rows " + first + ":" + end + " are none");
        }
    }

    /** How many rows there are. */
    public int size() {
        return end - first;
    }

    public boolean contains(int row) {
        return first <= row && row < end;
    }

    /** Whether some row is in both ranges. */
    public boolean overlaps(RowRange other) {
        return first < other.end && other.first < end;
    }

    /** What {@code ranges} leave open of rows 0 to {@code neurons}, ascending. */
    public static List<RowRange> missing(List<RowRange> ranges, int neurons) {
        List<RowRange> missing = new ArrayList<>();
        int covered = 0;
        for (RowRange range : ranges.stream().sorted().toList()) {
            if (range.first > covered) {
                missing.add(new RowRange(covered, range.first));
            }
            covered = Math.max(covered, range.end);
        }
        if (covered < neurons) {
            missing.add(new RowRange(covered, neurons));
        }
        return missing;
    }

    @Override
    public int compareTo(RowRange other) {
        return Comparator.comparingInt(RowRange::first)
                .thenComparingInt(RowRange::end)
                .compare(this, other);
    }

    /** As options give it: {@code first:end}. */
    @Override
    public String toString() {
        return first + ":" + end;
    }
}

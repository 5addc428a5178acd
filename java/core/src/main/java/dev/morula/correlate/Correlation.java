package dev.morula.correlate;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The edges of a layer and what it took to find them.
 *
 * @param edges the edges, in no particular order; the caller closes them
 * @param pairs pairs of neurons that were looked at
 * @param survivors pairs that could not be ruled out by a fast product
 * @param inFloat32 survivors decided in float32
 * @param inFloat64 survivors decided in float64
 * @param inDoubleDouble survivors decided in double-double
 * @param plan how the work was done
 * @param stages what each stage decided
 * @param planSeconds what choosing the plan took
 * @param projectSeconds what projecting and ordering the neurons took
 */
public record Correlation(
        EdgeList edges,
        long pairs,
        long survivors,
        long inFloat32,
        long inFloat64,
        long inDoubleDouble,
        CorrelationPlan plan,
        List<StageReport> stages,
        double planSeconds,
        double projectSeconds)
        implements AutoCloseable {
    /** Nothing looked at and nothing found. */
    public static Correlation nothing() {
        return new Correlation(new EdgeList(), 0, 0, 0, 0, 0, null, List.of(), 0, 0);
    }

    /** What both together took, for edges that went elsewhere; plan and preparation are those of {@code other}. */
    public Correlation plus(Correlation other) {
        List<StageReport> sums = stages.isEmpty()
                ? other.stages
                : IntStream.range(0, stages.size())
                        .mapToObj(i -> stages.get(i).plus(other.stages.get(i)))
                        .toList();
        return new Correlation(
                other.edges,
                pairs + other.pairs,
                survivors + other.survivors,
                inFloat32 + other.inFloat32,
                inFloat64 + other.inFloat64,
                inDoubleDouble + other.inDoubleDouble,
                other.plan,
                sums,
                other.planSeconds,
                other.projectSeconds);
    }

    @Override
    public void close() {
        edges.close();
    }
}

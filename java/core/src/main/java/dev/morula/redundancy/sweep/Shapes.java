package dev.morula.redundancy.sweep;

import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds a sweep against the shapes of the papers' figures. A shape is looked for wherever groups differ in one setting
 * alone, and is seen if it appears in more than half of these comparisons; without any it is not measured. Each rule is
 * written down where it is applied.
 */
public final class Shapes {
    private Shapes() {}

    public static List<Shape> of(List<Group> groups) {
        List<Shape> shapes = new ArrayList<>();
        shapes.addAll(ChunkShapes.of(groups));
        shapes.addAll(UnitShapes.of(groups));
        shapes.addAll(DepthShapes.of(groups));
        return shapes;
    }
}

package dev.morula.cli;

import dev.morula.redundancy.SweepSummary.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the sweeps of a study came to, as study.json keeps it.
 *
 * @param sweeps their folders and command lines
 * @param shapes of the papers' figures, from whichever sweep measured them
 */
record StudyResult(String study, List<Done> sweeps, List<Found> shapes) {

    /** A sweep that was done. */
    record Done(String folder, List<String> arguments) {}

    /** A shape, and the sweep that it was looked for in; null if in none. */
    record Found(String folder, Shape shape) {}

    static StudyResult of(Study.Name study, Map<String, SweepResult> results) {
        List<Done> done = new ArrayList<>();
        Map<String, List<Found>> byClaim = new LinkedHashMap<>();
        results.forEach((folder, result) -> {
            done.add(new Done(folder, result.arguments()));
            for (Shape shape : result.summary().shapes()) {
                byClaim.computeIfAbsent(shape.claim(), claim -> new ArrayList<>())
                        .add(new Found(folder, shape));
            }
        });
        List<Found> shapes = new ArrayList<>();
        for (List<Found> found : byClaim.values()) {
            List<Found> measured =
                    found.stream().filter(each -> isMeasured(each.shape())).toList();
            shapes.addAll(
                    measured.isEmpty() ? List.of(new Found(null, found.get(0).shape())) : measured);
        }
        return new StudyResult(study.toString(), done, shapes);
    }

    private static boolean isMeasured(Shape shape) {
        return !shape.verdict().equals("not measured");
    }

    /** One line a shape that was looked for. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Found found : shapes) {
            if (found.folder() != null) {
                text.append(String.format(
                        "%-9s %s (%s)%n", found.shape().verdict(), found.shape().claim(), found.folder()));
            }
        }
        return text.toString();
    }
}

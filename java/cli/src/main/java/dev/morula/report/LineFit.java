package dev.morula.report;

import java.util.List;
import java.util.Optional;

/** The straight line of least squares: {@code y = intercept + slope x}. */
record LineFit(double intercept, double slope) {
    /** Of points {x, y}; nothing for fewer than two different x. */
    static Optional<LineFit> of(List<double[]> points) {
        double count = points.size();
        double x = points.stream().mapToDouble(point -> point[0]).sum() / count;
        double y = points.stream().mapToDouble(point -> point[1]).sum() / count;
        double squares = points.stream()
                .mapToDouble(point -> (point[0] - x) * (point[0] - x))
                .sum();
        double products = points.stream()
                .mapToDouble(point -> (point[0] - x) * (point[1] - y))
                .sum();
        if (points.isEmpty() || squares == 0) {
            return Optional.empty();
        }
        double slope = products / squares;
        return Optional.of(new LineFit(y - slope * x, slope));
    }

    double at(double x) {
        return intercept + slope * x;
    }
}

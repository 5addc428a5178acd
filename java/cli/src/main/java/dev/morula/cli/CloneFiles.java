package dev.morula.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.cluster.Dendrogram;
import dev.morula.data.Npy;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.report.CloneTable;
import dev.morula.report.CloneTable.Clone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what a run has of clones and of average linkage, for its page; null where it has none. */
final class CloneFiles {
    private static final int COLUMNS = 4;

    private CloneFiles() {}

    /** linkage.npy as SciPy has it: merges x (left, right, height, size). */
    static Dendrogram tree(Path run) {
        Path file = run.resolve("linkage.npy");
        if (!Files.exists(file)) {
            return null;
        }
        try (Matrix stored = Npy.open(file).map()) {
            if (stored.type() != ElementType.F64 || stored.columns() != COLUMNS) {
                return null;
            }
            double[] rows = new double[Math.toIntExact(COLUMNS * stored.rows())];
            stored.read(0, rows, 0, rows.length);
            return Dendrogram.ofLinkage(rows);
        }
    }

    /** clones.json. */
    static CloneTable clones(Path run) {
        Path file = run.resolve("clones.json");
        if (!Files.exists(file)) {
            return null;
        }
        JsonNode found = Json.read(file, JsonNode.class);
        JsonNode test = found.path("test");
        List<Clone> clones = new ArrayList<>();
        test.path("clones").forEach(clone -> clones.add(clone(clone)));
        double mean = mean(test.path("clones"), "mean");
        double deviation = mean(test.path("clones"), "standardError")
                * Math.sqrt(test.path("deals").asInt());
        boolean known = Double.isFinite(mean) && Double.isFinite(deviation);
        return new CloneTable(
                found.path("sentence").asText(),
                found.path("typeCount").asLong(),
                found.path("neurons").asLong(),
                found.path("typeSizes").path(0).asLong(),
                clones,
                known ? (Double) (1 - mean - 2 * deviation) : null,
                known ? (Double) (1 - mean + 2 * deviation) : null);
    }

    private static Clone clone(JsonNode clone) {
        Double error = number(clone.path("testError").path("dealt"));
        return new Clone(
                clone.path("neurons").size(),
                number(clone.path("covered")),
                error == null ? null : (Double) (1 - error),
                number(clone.path("r2").path("dealt")),
                number(clone.path("residualCorrelation").path("dealt")),
                number(clone.path("testError").path("p")));
    }

    /** Of a field of the test errors of random chunks, over clones; NaN where none has it. */
    private static double mean(JsonNode clones, String field) {
        List<Double> values = new ArrayList<>();
        for (JsonNode clone : clones) {
            Double value = number(clone.path("testError").path("random").path(field));
            if (value != null) {
                values.add(value);
            }
        }
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    private static Double number(JsonNode node) {
        return node.isNumber() ? (Double) node.asDouble() : null;
    }
}

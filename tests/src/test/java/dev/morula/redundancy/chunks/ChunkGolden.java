package dev.morula.redundancy.chunks;

import dev.morula.data.SafetensorsFile;
import dev.morula.kernel.Matrix;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** What numpy and scikit-learn find (make_golden.py). */
final class ChunkGolden {
    private static final SafetensorsFile FILE = SafetensorsFile.open(path());

    private ChunkGolden() {}

    private static Path path() {
        try {
            return Path.of(ChunkGolden.class.getResource("golden.safetensors").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Matrix matrix(String name) {
        return FILE.tensor(name).map();
    }

    static double[][] doubles(String name) {
        try (Matrix matrix = matrix(name)) {
            double[][] rows = new double[(int) matrix.rows()][(int) matrix.columns()];
            for (int row = 0; row < rows.length; row++) {
                matrix.read(row * matrix.columns(), rows[row], 0, rows[row].length);
            }
            return rows;
        }
    }

    static int[][] integers(String name) {
        try (Matrix matrix = matrix(name)) {
            int[][] rows = new int[(int) matrix.rows()][(int) matrix.columns()];
            for (int row = 0; row < rows.length; row++) {
                matrix.read(row * matrix.columns(), rows[row], 0, rows[row].length);
            }
            return rows;
        }
    }

    static int[] column(String name) {
        int[][] rows = integers(name);
        int[] column = new int[rows.length];
        for (int row = 0; row < rows.length; row++) {
            column[row] = rows[row][0];
        }
        return column;
    }
}

package dev.morula.cli;

import dev.morula.correlate.TestLayers;
import dev.morula.data.Npy;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import java.nio.file.Path;

/** Layers for the program to read. */
final class LayerFiles {
    private LayerFiles() {}

    /** Neurons x samples of low rank, in eighths below 16: every element type holds them exactly. */
    static double[][] layer(int neurons, int samples) {
        return TestLayers.map(TestLayers.lowRank(neurons, samples, 3, 0.4, 7), x -> Math.min(15, Math.rint(x * 8) / 8));
    }

    static double[][] transposed(double[][] rows) {
        double[][] columns = new double[rows[0].length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                columns[j][i] = rows[i][j];
            }
        }
        return columns;
    }

    /** Writes {@code rows} as they are. */
    static Path npy(Path file, double[][] rows, ElementType type) {
        try (Matrix matrix = Matrices.of(rows, type)) {
            Npy.write(file, matrix);
        }
        return file;
    }
}

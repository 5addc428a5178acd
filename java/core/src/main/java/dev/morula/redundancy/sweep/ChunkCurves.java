package dev.morula.redundancy.sweep;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.SweepSummary.Interval;
import dev.morula.redundancy.SweepSummary.PowerLaw;
import dev.morula.redundancy.chunks.ChunkLaw;
import dev.morula.redundancy.chunks.CriticalWidth;
import dev.morula.redundancy.chunks.EnsembleError;
import dev.morula.redundancy.chunks.SeedCurves;
import java.util.List;

/**
 * Chunks by size, of each of a kind's networks.
 *
 * @param sizes ascending, the last the layer's width
 * @param trainErrors a row a network
 * @param testErrors null if one of the networks keeps none of single samples
 */
record ChunkCurves(int[] sizes, double[][] trainErrors, SeedCurves testErrors) {

    /** Null if one of the networks has no train errors of chunks. */
    static ChunkCurves of(Kind kind) {
        List<SeedResult> seeds = kind.seeds();
        boolean known = seeds.stream()
                .allMatch(seed -> !seed.chunks().isEmpty()
                        && seed.chunks().stream().allMatch(chunk -> chunk.trainError() != null));
        if (!known) {
            return null;
        }
        int[] sizes =
                seeds.get(0).chunks().stream().mapToInt(ChunkAnalysis::size).toArray();
        double[][] trainErrors = seeds.stream()
                .map(seed -> seed.chunks().stream()
                        .mapToDouble(ChunkAnalysis::trainError)
                        .toArray())
                .toArray(double[][]::new);
        return new ChunkCurves(sizes, trainErrors, testErrors(sizes, seeds));
    }

    private static SeedCurves testErrors(int[] sizes, List<SeedResult> seeds) {
        if (seeds.stream().anyMatch(seed -> seed.chunkTestErrors() == null)) {
            return null;
        }
        return new SeedCurves(
                sizes, seeds.stream().map(seed -> rows(seed.chunkTestErrors())).toArray(float[][][]::new));
    }

    private static float[][] rows(Matrix matrix) {
        float[][] rows = new float[Math.toIntExact(matrix.rows())][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = matrix.row(row);
        }
        return rows;
    }

    /** That of the mean curve; null if there is none. */
    Interval criticalWidth(long seed) {
        Interval width = CriticalWidth.bootstrap(sizes, trainErrors, seed);
        return width.value() == null ? null : width;
    }

    /** Exponent and error at infinity, fitted together; null if there is too little to fit. */
    PowerLaw law(double criticalWidth, long seed, Kernels kernels, Workers workers) {
        return testErrors == null ? null : ChunkLaw.fit(testErrors, criticalWidth, seed, kernels, workers);
    }

    /** The exponent alone, with the error of {@code ensemble}, that of the same networks, at infinity; null likewise. */
    PowerLaw law(EnsembleError ensemble, double criticalWidth, long seed, Kernels kernels, Workers workers) {
        return testErrors == null ? null : ChunkLaw.fit(testErrors, ensemble, criticalWidth, seed, kernels, workers);
    }
}

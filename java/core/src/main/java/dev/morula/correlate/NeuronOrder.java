package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.Arrays;

/**
 * Puts neurons that are alike side by side, so that the pairs that cannot be ruled out fall into few tiles, whose rows
 * stay in cache while they are refined. A few rounds of k-means on the projections (Lloyd 1982) are enough, since nothing
 * but speed depends on the order; clusters follow each other nearest first.
 */
final class NeuronOrder {
    private static final int ROUNDS = 2;
    private static final int CLUSTER = 128; // neurons, on average
    private static final int MOST_CLUSTERS = 1024;
    private static final int SAMPLED_PER_CLUSTER = 16;
    private static final int BLOCK = 512; // rows a part of parallel work

    private final Kernels kernels;
    private final Workers workers;
    private final Matrix projections;
    private final int clusters;
    private final int rank;

    private NeuronOrder(Matrix projections, int clusters, Kernels kernels, Workers workers) {
        this.kernels = kernels;
        this.workers = workers;
        this.projections = projections;
        this.clusters = clusters;
        this.rank = Math.toIntExact(projections.columns());
    }

    /** For each place in the new order, which row of {@code projections} (neurons x rank) comes there. */
    static int[] of(Matrix projections, Kernels kernels, Workers workers) {
        long neurons = projections.rows();
        int clusters = (int) Math.max(1, Math.min(MOST_CLUSTERS, neurons / CLUSTER));
        return new NeuronOrder(projections, clusters, kernels, workers).order();
    }

    private int[] order() {
        float[][] centres = initialCentres();
        try (Matrix sample = sample()) {
            for (int round = 0; round < ROUNDS; round++) {
                centres = means(sample, nearest(sample, centres), centres);
            }
        }
        return sorted(nearest(projections, centres), chain(centres));
    }

    private float[][] initialCentres() {
        float[][] centres = new float[clusters][];
        for (int c = 0; c < clusters; c++) {
            centres[c] = projections.row(projections.rows() * c / clusters);
        }
        return centres;
    }

    private Matrix sample() {
        int rows = (int) Math.min(projections.rows(), (long) clusters * SAMPLED_PER_CLUSTER);
        Matrix sample = Matrix.allocate(ElementType.F32, rows, rank);
        for (int row = 0; row < rows; row++) {
            projections.copyTo(projections.rows() * row / rows * rank, sample, (long) row * rank, rank);
        }
        return sample;
    }

    /** The nearest centre of every row: the largest row . centre - centre . centre / 2. */
    private int[] nearest(Matrix rows, float[][] centres) {
        int[] nearest = new int[Math.toIntExact(rows.rows())];
        double[] halves = Arrays.stream(centres)
                .mapToDouble(centre -> squaredNorm(centre) / 2)
                .toArray();
        try (Matrix matrix = Matrix.of(centres)) {
            workers.forEach((rows.rows() + BLOCK - 1) / BLOCK, (block, worker) -> {
                int first = (int) block * BLOCK;
                int count = Math.min(BLOCK, nearest.length - first);
                try (Matrix products = Matrix.allocate(ElementType.F32, count, clusters)) {
                    kernels.product(products, rows.slice(first, count), matrix);
                    float[] read = new float[count * clusters];
                    products.read(0, read, 0, read.length);
                    for (int r = 0; r < count; r++) {
                        nearest[first + r] = largest(read, r * clusters, halves);
                    }
                }
            });
        }
        return nearest;
    }

    private static int largest(float[] products, int from, double[] halves) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < halves.length; c++) {
            double score = products[from + c] - halves[c];
            if (score > most) {
                most = score;
                best = c;
            }
        }
        return best;
    }

    private float[][] means(Matrix rows, int[] nearest, float[][] before) {
        float[][] means = new float[clusters][rank];
        int[] members = new int[clusters];
        float[] values = new float[nearest.length * rank];
        rows.read(0, values, 0, values.length);
        for (int r = 0; r < nearest.length; r++) {
            float[] mean = means[nearest[r]];
            for (int k = 0; k < rank; k++) {
                mean[k] += values[r * rank + k];
            }
            members[nearest[r]]++;
        }
        for (int c = 0; c < clusters; c++) {
            for (int k = 0; k < rank; k++) {
                means[c][k] = members[c] == 0 ? before[c][k] : means[c][k] / members[c];
            }
        }
        return means;
    }

    /** Each cluster's rank in a walk that always goes on to the nearest cluster not yet visited. */
    private int[] chain(float[][] centres) {
        int[] rankOf = new int[clusters];
        boolean[] visited = new boolean[clusters];
        int at = 0;
        for (int step = 0; step < clusters; step++) {
            rankOf[at] = step;
            visited[at] = true;
            at = nearestUnvisited(centres, at, visited);
        }
        return rankOf;
    }

    private static int nearestUnvisited(float[][] centres, int from, boolean[] visited) {
        int best = from;
        float least = Float.POSITIVE_INFINITY;
        for (int c = 0; c < centres.length; c++) {
            if (!visited[c]) {
                float distance = squaredDistance(centres[from], centres[c]);
                if (distance < least) {
                    least = distance;
                    best = c;
                }
            }
        }
        return best;
    }

    /** Rows by the rank of their cluster, then by index. */
    private static int[] sorted(int[] clusterOf, int[] rankOf) {
        long[] keys = new long[clusterOf.length];
        Arrays.setAll(keys, row -> (long) rankOf[clusterOf[row]] << 32 | row);
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    private static float squaredNorm(float[] x) {
        float sum = 0;
        for (float v : x) {
            sum += v * v;
        }
        return sum;
    }

    private static float squaredDistance(float[] x, float[] y) {
        float sum = 0;
        for (int k = 0; k < x.length; k++) {
            sum += (x[k] - y[k]) * (x[k] - y[k]);
        }
        return sum;
    }
}

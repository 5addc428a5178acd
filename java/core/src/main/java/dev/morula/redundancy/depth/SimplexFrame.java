package dev.morula.redundancy.depth;

/** NC2: how far vectors, one a class, are from a simplex: of equal norms, and at equal angles that are as wide as can be. */
final class SimplexFrame {
    private SimplexFrame() {}

    /** Standard deviation of the norms (of a sample of them, as in the paper's code) over their mean; null if undefined. */
    static Double equinorm(RowProducts vectors) {
        int count = vectors.count();
        double mean = 0;
        for (int k = 0; k < count; k++) {
            mean += vectors.norm(k) / count;
        }
        double squares = 0;
        for (int k = 0; k < count; k++) {
            squares += (vectors.norm(k) - mean) * (vectors.norm(k) - mean);
        }
        return finite(Math.sqrt(squares / (count - 1)) / mean);
    }

    /** The mean over pairs of |cos + 1 / (C - 1)|; null if a vector is 0, or there are fewer than two. */
    static Double equiangular(RowProducts vectors) {
        int count = vectors.count();
        double sum = 0;
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < i; j++) {
                double cosine = vectors.products()[i][j] / (vectors.norm(i) * vectors.norm(j));
                sum += Math.abs(cosine + 1.0 / (count - 1));
            }
        }
        return finite(sum / (count * (count - 1) / 2.0));
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}

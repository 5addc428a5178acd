package dev.morula.redundancy;

/**
 * The mean of independent draws.
 *
 * @param mean null if no draw gave a value
 * @param standardError that of the mean: the draws' deviation over the root of their number; null for fewer than two
 */
public record Estimate(Double mean, Double standardError) {
    /** Nothing was measured. */
    public static final Estimate NONE = new Estimate(null, null);

    /** The mean of those draws that are numbers. */
    public static Estimate of(double... draws) {
        int count = 0;
        double sum = 0;
        for (double draw : draws) {
            if (Double.isFinite(draw)) {
                count++;
                sum += draw;
            }
        }
        if (count == 0) {
            return NONE;
        }
        double mean = sum / count;
        double squares = 0;
        for (double draw : draws) {
            squares += Double.isFinite(draw) ? (draw - mean) * (draw - mean) : 0;
        }
        return new Estimate(mean, count < 2 ? null : Math.sqrt(squares / (count - 1) / count));
    }
}

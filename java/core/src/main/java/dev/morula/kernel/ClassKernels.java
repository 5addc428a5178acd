package dev.morula.kernel;

/** What samples of one class have in common, in float64. */
public interface ClassKernels {
    /**
     * Sums of the samples of each class, for {@code count} neurons from {@code first} on; others are left alone. Calls for
     * different neurons may run at once.
     *
     * @param sums classes x neurons, F64
     * @param values samples x neurons, F32
     * @param labels samples x 1, I32, below the number of classes
     */
    void sums(Matrix sums, Matrix values, Matrix labels, long first, long count);

    /**
     * The squared distance of each sample from the mean of its own class.
     *
     * @param distances samples x 1, F64
     * @param values samples x neurons, F32
     * @param labels samples x 1, I32, below the number of classes
     * @param means classes x neurons, F64
     */
    void distances(Matrix distances, Matrix values, Matrix labels, Matrix means);

    /**
     * Projections {@code (values - centre) directions^T}.
     *
     * @param projections samples x directions, F64
     * @param values samples x neurons, F32
     * @param centre 1 x neurons, F64
     * @param directions directions x neurons, F64
     */
    void project(Matrix projections, Matrix values, Matrix centre, Matrix directions);
}

package dev.morula.kernel;

/** What brings samples into a batch. */
public interface SampleKernels {
    /**
     * Copies rows: row i of {@code out} is row {@code indices[i]} of {@code source}.
     *
     * @param out count x columns
     * @param source any number of rows x columns
     * @param indices count x 1, I32
     */
    void gatherRows(Matrix out, Matrix source, Matrix indices);
}

package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuAlgebraKernels implements AlgebraKernels {
    private final CpuKernels kernels;

    CpuAlgebraKernels(CpuKernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public void gram(Matrix gram, Matrix values, Matrix means, Block block) {
        long neurons = values.columns();
        Shapes.require("gram", gram, ElementType.F64, neurons, neurons);
        Shapes.require("values", values, ElementType.F32, values.rows(), neurons);
        Shapes.require("means", means, ElementType.F64, 1, neurons);
        block.requireInside(gram);
        long[] shape = {values.rows(), neurons, block.firstRow(), block.rows(), block.firstColumn(), block.columns()};
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_gram(kernels.context(), p.of(gram), p.of(values), p.of(means), shape));
        }
    }

    @Override
    public void eigenvalues(Matrix eigenvalues, Matrix matrix) {
        Shapes.require("matrix", matrix, ElementType.F64, matrix.columns(), matrix.columns());
        Shapes.require("eigenvalues", eigenvalues, ElementType.F64, 1, matrix.rows());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_eigenvalues(kernels.context(), p.of(eigenvalues), p.of(matrix), matrix.rows()));
        }
    }

    @Override
    public void chunkLogits(Matrix logits, Matrix activations, int[] chunk, Matrix weight, Matrix bias) {
        long samples = activations.columns();
        Shapes.require("activations", activations, ElementType.F32, weight.columns(), samples);
        Shapes.require("weight", weight, ElementType.F32, weight.rows(), weight.columns());
        Shapes.require("bias", bias, ElementType.F32, 1, weight.rows());
        Shapes.require("logits", logits, ElementType.F32, weight.rows(), samples);
        long[] shape = {samples, weight.columns(), weight.rows(), chunk.length};
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_chunk_logits(
                    kernels.context(), p.of(logits), p.of(activations), chunk, p.of(weight), p.of(bias), shape));
        }
    }

    @Override
    public long chunkFitWorkspace(long neurons, long chunk) {
        return MorulaLibrary.morula_chunk_fit_workspace(new long[] {neurons, chunk});
    }

    @Override
    public ChunkFit fitChunk(Matrix gram, int[] chunk, Matrix workspace, double alpha) {
        long neurons = gram.columns();
        long numbers = chunkFitWorkspace(neurons, chunk.length);
        Shapes.require("gram", gram, ElementType.F64, neurons, neurons);
        if (workspace.type() != ElementType.F64 || workspace.rows() * workspace.columns() < numbers) {
            throw new IllegalArgumentException("a workspace below " + numbers + " numbers of F64");
        }
        double[] sums = new double[7];
        long[] shape = {neurons, chunk.length};
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_chunk_fit(
                    kernels.context(), sums, p.of(gram), chunk, p.of(workspace), shape, alpha));
        }
        return new ChunkFit(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6]);
    }
}

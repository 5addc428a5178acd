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
}

package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

import java.util.Objects;

/** Forwards to the CPU library. */
final class CpuClassKernels implements ClassKernels {
    private final CpuKernels kernels;

    CpuClassKernels(CpuKernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public void sums(Matrix sums, Matrix values, Matrix labels, long first, long count) {
        long[] shape = shape(values, labels, sums);
        Shapes.require("sums", sums, ElementType.F64, sums.rows(), values.columns());
        Objects.checkFromIndexSize(first, count, values.columns());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_class_sums(
                    kernels.context(), p.of(sums), p.of(values), p.of(labels), shape, first, count));
        }
    }

    @Override
    public void distances(Matrix distances, Matrix values, Matrix labels, Matrix means) {
        long[] shape = shape(values, labels, means);
        Shapes.require("distances", distances, ElementType.F64, values.rows(), 1);
        Shapes.require("means", means, ElementType.F64, means.rows(), values.columns());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_class_distances(
                    kernels.context(), p.of(distances), p.of(values), p.of(labels), p.of(means), shape));
        }
    }

    @Override
    public void project(Matrix projections, Matrix values, Matrix centre, Matrix directions) {
        long neurons = values.columns();
        Shapes.require("values", values, ElementType.F32, values.rows(), neurons);
        Shapes.require("centre", centre, ElementType.F64, 1, neurons);
        Shapes.require("directions", directions, ElementType.F64, directions.rows(), neurons);
        Shapes.require("projections", projections, ElementType.F64, values.rows(), directions.rows());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_class_project(
                    kernels.context(),
                    p.of(projections),
                    p.of(values),
                    p.of(centre),
                    p.of(directions),
                    values.rows(),
                    neurons,
                    directions.rows()));
        }
    }

    /** The descriptor {@code morula_classes}; {@code perClass} has one row a class. */
    private static long[] shape(Matrix values, Matrix labels, Matrix perClass) {
        Shapes.require("values", values, ElementType.F32, values.rows(), values.columns());
        Shapes.require("labels", labels, ElementType.I32, values.rows(), 1);
        return new long[] {values.rows(), values.columns(), perClass.rows()};
    }
}

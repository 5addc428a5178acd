package dev.morula.kernel;

/** Checks that the matrices of a training kernel fit each other, and builds its descriptor. */
final class TrainShapes {
    private TrainShapes() {}

    /** The descriptor {@code morula_linear} for out (batch x outputs), inp (batch x inputs), weight (outputs x inputs). */
    static long[] linear(Matrix out, Matrix inp, Matrix weight, Block block) {
        require("weight", weight, out.columns(), inp.columns());
        return linear(out, inp, block);
    }

    static long[] linear(Matrix out, Matrix inp, Block block) {
        require("out", out, inp.rows(), out.columns());
        require("inp", inp, inp.rows(), inp.columns());
        return new long[] {
            inp.rows(),
            inp.columns(),
            out.columns(),
            block.firstRow(),
            block.rows(),
            block.firstColumn(),
            block.columns()
        };
    }

    /** The descriptor {@code morula_loss} for all rows. */
    static long[] loss(Matrix dout, Matrix losses, Matrix predicted, Matrix out, Matrix labels) {
        require("out", out, out.rows(), out.columns());
        require("losses", losses, out.rows(), 1);
        requireIndices("predicted", predicted, out.rows());
        requireIndices("labels", labels, out.rows());
        if (dout != null) {
            require("dout", dout, out.rows(), out.columns());
        }
        return new long[] {out.rows(), out.columns(), 0, out.rows()};
    }

    static void sgdStep(OptimizerKernels.Step step) {
        if (step.first() != null) {
            requireRemembered(step, step.first());
        }
        requireStep(step);
    }

    static void adamStep(OptimizerKernels.Step step) {
        requireRemembered(step, step.first());
        requireRemembered(step, step.second());
        requireStep(step);
    }

    private static void requireRemembered(OptimizerKernels.Step step, Matrix remembered) {
        Matrix parameter = step.parameter();
        require("what the optimiser remembers", remembered, parameter.rows(), parameter.columns());
    }

    private static void requireStep(OptimizerKernels.Step step) {
        Matrix parameter = step.parameter();
        Block block = step.block();
        require("parameter", parameter, parameter.rows(), parameter.columns());
        requireRoom("gradient", step.gradient(), block.rows() * block.columns());
        if (block.firstRow() + block.rows() > parameter.rows()
                || block.firstColumn() + block.columns() > parameter.columns()) {
            throw new IllegalArgumentException(
                    block + " leaves a parameter of " + parameter.rows() + " x " + parameter.columns());
        }
    }

    static void gather(Matrix out, Matrix source, Matrix indices) {
        require("out", out, out.rows(), source.columns());
        require("source", source, source.rows(), source.columns());
        requireIndices("indices", indices, out.rows());
    }

    static void require(String name, Matrix matrix, long rows, long columns) {
        if (matrix.type() != ElementType.F32 || matrix.rows() != rows || matrix.columns() != columns) {
            throw mismatch(name, matrix, rows + " x " + columns + " F32");
        }
    }

    static void requireRoom(String name, Matrix matrix, long elements) {
        if (matrix.type() != ElementType.F32 || matrix.rows() * matrix.columns() < elements) {
            throw mismatch(name, matrix, "room for " + elements + " F32");
        }
    }

    private static void requireIndices(String name, Matrix matrix, long count) {
        if (matrix.type() != ElementType.I32 || matrix.rows() * matrix.columns() != count) {
            throw mismatch(name, matrix, count + " I32");
        }
    }

    private static IllegalArgumentException mismatch(String name, Matrix matrix, String wanted) {
        return new IllegalArgumentException(
                name + " is " + matrix.rows() + " x " + matrix.columns() + " " + matrix.type() + ", not " + wanted);
    }
}

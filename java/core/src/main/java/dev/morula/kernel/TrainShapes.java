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

    /** An optimiser's step; what it remembers of a parameter may be null. */
    static void step(Matrix parameter, Matrix remembered, Matrix gradient, Block block) {
        require("parameter", parameter, parameter.rows(), parameter.columns());
        if (remembered != null) {
            require("what the optimiser remembers", remembered, parameter.rows(), parameter.columns());
        }
        requireRoom("gradient", gradient, block.rows() * block.columns());
        if (block.firstRow() + block.rows() > parameter.rows()) {
            throw new IllegalArgumentException(block + " leaves a parameter of " + parameter.rows() + " rows");
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

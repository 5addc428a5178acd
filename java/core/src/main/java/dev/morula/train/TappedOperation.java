package dev.morula.train;

import dev.morula.kernel.Matrix;
import java.util.function.Consumer;

/** Shows what an operation puts out. */
record TappedOperation(Operation operation, Consumer<Matrix> tap) implements Operation {
    @Override
    public Matrix forward(Matrix inp, Phase phase) {
        Matrix out = operation.forward(inp, phase);
        tap.accept(out);
        return out;
    }

    @Override
    public Matrix backward(Matrix dout, BackwardPass pass) {
        return operation.backward(dout, pass);
    }

    @Override
    public void close() {
        operation.close();
    }
}

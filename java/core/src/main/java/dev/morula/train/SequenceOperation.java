package dev.morula.train;

import dev.morula.kernel.Matrix;
import java.util.List;

/** Operations one after the other. */
record SequenceOperation(List<Operation> operations) implements Operation {
    @Override
    public Matrix forward(Matrix inp, Phase phase) {
        Matrix values = inp;
        for (Operation operation : operations) {
            values = operation.forward(values, phase);
        }
        return values;
    }

    @Override
    public Matrix backward(Matrix dout, BackwardPass pass) {
        Matrix gradient = dout;
        for (int index = operations.size() - 1; index >= 0 && gradient != null; index--) {
            gradient = operations.get(index).backward(gradient, pass);
        }
        return gradient;
    }

    @Override
    public void close() {
        operations.forEach(Operation::close);
    }
}

package dev.morula.train;

import dev.morula.kernel.Matrix;
import java.util.List;

/** Operations one after the other. */
final class SequenceOperation implements Operation {
    private final List<Operation> operations;

    /** Takes over {@code operations}, which are closed with this. */
    SequenceOperation(List<Operation> operations) {
        this.operations = List.copyOf(operations);
    }

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
        for (int i = operations.size() - 1; i >= 0; i--) {
            gradient = operations.get(i).backward(gradient, pass);
        }
        return gradient;
    }

    @Override
    public void close() {
        operations.forEach(Operation::close);
    }
}

package dev.morula.train;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.network.Shape;
import java.util.List;

/** A linear layer's parameters: weight is outputs x inputs, as PyTorch keeps it, bias 1 x outputs. */
record Linear(Matrix weight, Matrix bias) implements AutoCloseable {
    /** A layer of zeros. */
    static Linear allocate(long inputs, long outputs) {
        return new Linear(
                Matrix.allocate(ElementType.F32, outputs, inputs), Matrix.allocate(ElementType.F32, 1, outputs));
    }

    long inputs() {
        return weight.columns();
    }

    long outputs() {
        return weight.rows();
    }

    void initialise(InitialValues values) {
        dev.morula.network.Linear layer = dev.morula.network.Linear.of((int) inputs(), (int) outputs());
        values.fill(layer.parameters(Shape.features(layer.inputs())), List.of(weight, bias));
    }

    @Override
    public void close() {
        weight.close();
        bias.close();
    }
}

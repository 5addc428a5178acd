package dev.morula.network;

import dev.morula.MorulaException;

/**
 * In training every number is 0 with the given probability, and the others are divided by its complement; in evaluation
 * nothing happens (Srivastava et al., 2014).
 */
public record Dropout(double probability) implements Layer {
    public Dropout {
        if (!(probability >= 0 && probability < 1)) {
            throw MorulaException.usage("dropout: the probability is %s, but must be from 0 to below 1", probability);
        }
    }

    @Override
    public Shape output(Shape input) {
        return input;
    }

    @Override
    public String toString() {
        return "dropout of " + probability;
    }
}

package dev.morula.correlate;

import dev.morula.MorulaException;
import dev.morula.kernel.Sign;

/**
 * Asks for the strongest partners of each neuron: by correlation, or by its absolute value if {@code pairs} says so; of
 * equals those of smaller indices.
 *
 * @param most how many of each neuron, below the number of neurons
 * @param pairs which pairs count at all; a threshold of -1 lets all of them
 */
public record StrongestQuery(int most, CorrelationQuery pairs) {
    public StrongestQuery {
        if (most < 1) {
            throw MorulaException.usage("the %d strongest partners were asked for: at least 1 is needed", most);
        }
    }

    /** The {@code most} strongest partners of each neuron among all. */
    public static StrongestQuery of(int most) {
        return new StrongestQuery(most, CorrelationQuery.atLeast(-1));
    }

    /** Fails unless a layer of {@code neurons} neurons can have so many partners. */
    public void requireFewerThan(long neurons) {
        if (most >= neurons) {
            throw MorulaException.usage(
                    "the %,d strongest partners were asked for, but each of %,d neurons has %,d others: ask for that many "
                            + "at most",
                    most, neurons, neurons - 1);
        }
    }

    /** The least correlation, or absolute value of one, that counts. */
    double threshold() {
        return pairs.threshold() == -1 ? Double.NEGATIVE_INFINITY : pairs.threshold();
    }

    Sign sign() {
        return pairs.sign();
    }
}

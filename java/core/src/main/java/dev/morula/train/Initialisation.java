package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.Specification;

/**
 * How the weights of products begin, in terms of their fan-in and fan-out: what each output is computed from and where each
 * input goes. Biases begin at 0 except with {@link PyTorch}; normalisations begin as the identity.
 */
public sealed interface Initialisation {
    /**
     * Uniform in +-1 / sqrt(fan-in), biases too: the default of PyTorch's linear layers and convolutions. With the larger
     * weights of {@link He} a wide network without normalisation at the usual rates stops learning at once:
     * 784-256-256-4096 at a rate of 0.05 guesses from the first epoch on, in PyTorch as here.
     */
    record PyTorch() implements Initialisation {
        @Override
        public String toString() {
            return "pytorch";
        }
    }

    /** Normal with variance 2 / fan-in, which keeps the outputs' variance through ReLU (He et al., 2015). */
    record He() implements Initialisation {
        @Override
        public String toString() {
            return "he";
        }
    }

    /** Uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio, 2010). */
    record Glorot() implements Initialisation {
        @Override
        public String toString() {
            return "glorot";
        }
    }

    /** Normal with variance 1 / fan-in, which keeps the outputs' variance without ReLU (LeCun et al., 1998). */
    record LeCun() implements Initialisation {
        @Override
        public String toString() {
            return "lecun";
        }
    }

    /**
     * Uniformly distributed among the matrices whose rows, or columns where these are fewer, are at right angles to each
     * other and of length {@code gain} (Saxe, McClelland and Ganguli, 2014). By rounding, the values depend on the processor.
     *
     * @param gain above 0; sqrt(2) keeps the outputs' variance through ReLU, 1 without
     */
    record Orthogonal(double gain) implements Initialisation {
        public Orthogonal {
            requirePositive("gain", gain);
        }

        @Override
        public String toString() {
            return "orthogonal,gain=" + gain;
        }
    }

    /** Normal with the given standard deviation, above 0. */
    record Normal(double deviation) implements Initialisation {
        public Normal {
            requirePositive("the standard deviation", deviation);
        }

        @Override
        public String toString() {
            return "normal:" + deviation;
        }
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw MorulaException.usage("initialisation: %s is %s, but must be above 0", name, value);
        }
    }

    /**
     * The initialisation that {@code text} describes: {@code pytorch}, {@code he}, {@code glorot}, {@code lecun}, {@code
     * orthogonal[,gain=1.4142135623730951]} or {@code normal:0.01}.
     */
    static Initialisation parse(String text) {
        Specification description = Specification.parse(
                "initialisation", text, "pytorch, he, glorot, lecun, orthogonal, orthogonal,gain=1 or normal:0.01");
        if (description.name().equals("orthogonal")) {
            return new Orthogonal(description.with("gain=").number("gain", Math.sqrt(2)));
        }
        description.with();
        return switch (description.name()) {
            case "pytorch" -> new PyTorch();
            case "he" -> new He();
            case "glorot" -> new Glorot();
            case "lecun" -> new LeCun();
            case "normal:" -> new Normal(description.argument());
            default -> throw description.unknown();
        };
    }
}

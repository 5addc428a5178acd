package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.Specification;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the learning rate changes from epoch to epoch: it may warm up, then it decays.
 *
 * @param warmUp epochs of a linear rise before the full rate: k of them have 1 / (k + 1), 2 / (k + 1), ... of it (Goyal et
 *     al., 2017)
 */
public record Schedule(Decay decay, int warmUp) {
    public static final Schedule CONSTANT = new Schedule(new Constant(), 0);
    public static final Schedule COSINE = new Schedule(new Cosine(0), 0);

    /** What follows the warm-up. */
    public sealed interface Decay {
        /**
         * What the full rate is multiplied by.
         *
         * @param epoch counted from 1
         * @param first the first epoch after the warm-up
         * @param last the schedule's last epoch
         */
        double factor(int epoch, int first, int last);
    }

    /** The full rate always. */
    public record Constant() implements Decay {
        @Override
        public double factor(int epoch, int first, int last) {
            return 1;
        }

        @Override
        public String toString() {
            return "constant";
        }
    }

    /**
     * Half a cosine wave (Loshchilov and Hutter, SGDR, 2017).
     *
     * @param minimum what it would come to one epoch after the last, from 0 to 1
     */
    public record Cosine(double minimum) implements Decay {
        public Cosine {
            if (!(minimum >= 0 && minimum <= 1)) {
                throw MorulaException.usage("schedule: min is %s, but must be from 0 to 1", minimum);
            }
        }

        @Override
        public double factor(int epoch, int first, int last) {
            double wave = (1 + StrictMath.cos(Math.PI * (epoch - first) / (last - first + 1))) / 2;
            return minimum + (1 - minimum) * wave;
        }

        @Override
        public String toString() {
            return minimum == 0 ? "cosine" : "cosine,min=" + minimum;
        }
    }

    /**
     * Multiplied by {@code factor} after each of {@code epochs}, which count from the beginning of training.
     *
     * @param factor above 0, at most 1
     */
    public record Steps(List<Integer> epochs, double factor) implements Decay {
        public Steps {
            epochs = List.copyOf(epochs);
            requireFactor(factor);
            int before = 0;
            for (int epoch : epochs) {
                if (epoch <= before) {
                    throw MorulaException.usage(
                            "schedule: a step after epoch %d follows %d, but epochs must rise from 1 on",
                            epoch, before);
                }
                before = epoch;
            }
        }

        @Override
        public double factor(int epoch, int first, int last) {
            return StrictMath.pow(
                    factor, epochs.stream().filter(step -> step < epoch).count());
        }

        @Override
        public String toString() {
            String list = epochs.stream().map(String::valueOf).collect(Collectors.joining("/"));
            return "steps:" + list + ",factor=" + factor;
        }
    }

    /**
     * Multiplied by {@code factor} after every epoch.
     *
     * @param factor above 0, at most 1
     */
    public record Exponential(double factor) implements Decay {
        public Exponential {
            requireFactor(factor);
        }

        @Override
        public double factor(int epoch, int first, int last) {
            return StrictMath.pow(factor, epoch - first);
        }

        @Override
        public String toString() {
            return "exponential:" + factor;
        }
    }

    public Schedule {
        if (warmUp < 0) {
            throw MorulaException.usage("schedule: warm-up is %d, but must be 0 epochs or more", warmUp);
        }
    }

    private static void requireFactor(double value) {
        if (!(value > 0 && value <= 1)) {
            throw MorulaException.usage("schedule: factor is %s, but must be above 0 and at most 1", value);
        }
    }

    /**
     * The schedule that {@code text} describes, each with {@code ,warm-up=5} for a warm-up of 5 epochs:
     *
     * <ul>
     *   <li>{@code constant}
     *   <li>{@code cosine}, to 0, or {@code cosine,min=1e-4}, to that share of the full rate
     *   <li>{@code steps:12/20/40,factor=0.2}: multiplied by 0.2 after epochs 12, 20 and 40
     *   <li>{@code exponential:0.95}: multiplied by 0.95 after every epoch
     * </ul>
     */
    public static Schedule parse(String text) {
        Specification description = Specification.parse(
                "schedule",
                text,
                "constant, cosine, cosine,min=1e-4, steps:12/20/40,factor=0.2 or exponential:0.95,"
                        + " each with or without ,warm-up=5");
        Decay decay = decay(description);
        return new Schedule(decay, description.integer("warm-up", 0, 0));
    }

    private static Decay decay(Specification description) {
        switch (description.name()) {
            case "constant":
                description.with("warm-up=");
                return new Constant();
            case "cosine":
                description.with("min=", "warm-up=");
                return new Cosine(description.number("min", 0));
            case "steps:":
                description.with("factor=", "warm-up=");
                return new Steps(description.integers(), description.number("factor"));
            case "exponential:":
                description.with("warm-up=");
                return new Exponential(description.argument());
            default:
                throw description.unknown();
        }
    }

    /**
     * What the rate is multiplied by in epoch {@code epoch}, counted from 1, of {@code epochs}; never 0. Epochs beyond
     * the last one go on as that did.
     */
    double factor(int epoch, int epochs) {
        int scheduled = Math.min(epoch, epochs);
        return scheduled <= warmUp ? scheduled / (warmUp + 1.0) : decay.factor(scheduled, warmUp + 1, epochs);
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        return decay + (warmUp == 0 ? "" : ",warm-up=" + warmUp);
    }
}

package dev.morula.prepare;

import dev.morula.MorulaException;
import dev.morula.data.DataSet;
import dev.morula.kernel.Workers;
import dev.morula.network.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How the numbers of a sample are standardised: (number - mean) / deviation. A pixel counts as pixel / 255.
 *
 * @param scope what mean and deviation are taken of
 * @param means one for all, one a channel, or none where they are not kept
 * @param deviations standard deviations (of what there is, not estimates), likewise
 */
public record Standardisation(Scope scope, List<Double> means, List<Double> deviations) {
    private static final int CHUNK = 1024; // samples; fixed, so that sums do not depend on the number of threads

    /** What mean and deviation are taken of. */
    public enum Scope {
        /** All numbers of the train set. */
        SET,
        /** Those of each channel, or each feature, of the train set. */
        CHANNEL,
        /** Those of the sample itself; its deviation counts as at least 1 / sqrt(how many they are), as TensorFlow has it. */
        IMAGE,
        /** Nothing: numbers stay as they are. */
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Standardisation {
        means = List.copyOf(means);
        deviations = List.copyOf(deviations);
    }

    /** That of {@code train}, whose images are first padded to {@code padded}. */
    static Standardisation of(Scope scope, DataSet train, Shape padded, Workers workers) {
        if (scope == Scope.IMAGE || scope == Scope.NONE) {
            return new Standardisation(scope, List.of(), List.of());
        }
        Average average = new Average(train, padded, scope == Scope.SET ? 1 : padded.channels(), workers);
        double[] means = average.of((number, group) -> number);
        double[] variances = average.of((number, group) -> Math.pow(number - means[group], 2));
        for (int group = 0; group < variances.length; group++) {
            requireVaried(variances[group], train, scope, group);
        }
        return new Standardisation(
                scope,
                Arrays.stream(means).boxed().toList(),
                Arrays.stream(variances).map(Math::sqrt).boxed().toList());
    }

    private static void requireVaried(double variance, DataSet train, Scope scope, int channel) {
        if (!(variance > 0)) {
            throw MorulaException.input(
                    "%s: all numbers%s are equal, so there is nothing to learn from%s",
                    train.name(),
                    scope == Scope.CHANNEL ? " of channel " + channel : "",
                    scope == Scope.CHANNEL ? " it; to standardise by set or none can be done" : "");
        }
    }

    /** Standardises {@code sample}, the numbers of an image of that shape, channel by channel. */
    void apply(double[] sample, Shape shape) {
        switch (scope) {
            case NONE -> {}
            case SET -> scale(sample, 0, shape.size(), means.get(0), deviations.get(0));
            case CHANNEL -> {
                for (int channel = 0; channel < shape.channels(); channel++) {
                    int from = channel * shape.positions();
                    scale(sample, from, from + shape.positions(), means.get(channel), deviations.get(channel));
                }
            }
            case IMAGE -> byItself(sample, shape.size());
        }
    }

    private static void byItself(double[] sample, int size) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += sample[i];
        }
        double mean = sum / size;
        double squares = 0;
        for (int i = 0; i < size; i++) {
            squares += Math.pow(sample[i] - mean, 2);
        }
        scale(sample, 0, size, mean, Math.max(Math.sqrt(squares / size), 1 / Math.sqrt(size)));
    }

    private static void scale(double[] sample, int from, int to, double mean, double deviation) {
        for (int i = from; i < to; i++) {
            sample[i] = (sample[i] - mean) / deviation;
        }
    }

    private interface Term {
        double of(double number, int group);
    }

    /** Averages over all samples and the positions of a group: all channels, or one. */
    private record Average(DataSet train, Shape padded, int groups, Workers workers) {
        double[] of(Term term) {
            int chunks = (train.count() + CHUNK - 1) / CHUNK;
            double[][] sums = new double[chunks][groups];
            workers.forEach(chunks, (chunk, worker) -> add(sums[(int) chunk], (int) chunk * CHUNK, term));
            double[] averages = new double[groups];
            double count = (double) train.count() * padded.size() / groups;
            for (double[] part : sums) {
                for (int group = 0; group < groups; group++) {
                    averages[group] += part[group] / count;
                }
            }
            return averages;
        }

        private void add(double[] sums, int first, Term term) {
            double[] numbers = new double[padded.size()];
            int size = padded.size() / groups;
            for (int sample = first; sample < Math.min(first + CHUNK, train.count()); sample++) {
                train.read(sample, padded, numbers);
                for (int group = 0; group < groups; group++) {
                    double sum = 0;
                    for (int i = group * size; i < (group + 1) * size; i++) {
                        sum += term.of(numbers[i], group);
                    }
                    sums[group] += sum;
                }
            }
        }
    }
}

package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.RandomNumbers;
import dev.morula.RandomNumbers.Stream;
import dev.morula.Specification;
import dev.morula.network.Shape;

/**
 * Samples that a random network has labelled, the teacher.
 *
 * <p>A sample x has {@code inputs} standard normal features, rounded to float32. The teacher has {@code hidden} units h_j =
 * max(0, w_j . x) and one output f(x) = sum of a_j (h_j - |w_j| / sqrt(2 pi)), all numbers of w_j and a_j standard normal;
 * what is subtracted is the mean of h_j, so that f has mean 0 over all samples and both classes are frequent. The class is
 * 1 where f(x) is above 0, else 0.
 *
 * <p>The teacher depends on {@code seed}, {@code inputs} and {@code hidden} alone; a smaller set is the beginning of a
 * larger one, and the two splits have nothing in common.
 *
 * @param inputs features of a sample, d
 * @param hidden units of the teacher, m
 * @param train samples to train on
 * @param test samples to test on
 */
record TeacherSource(int inputs, int hidden, int train, int test, long seed) implements DataSource {
    static final TeacherSource DEFAULT = new TeacherSource(10, 32, 10_000, 2000, 1);
    static final String FORM = DEFAULT.toString();
    private static final double MEAN_OF_POSITIVE_PART = 1 / StrictMath.sqrt(2 * StrictMath.PI);

    TeacherSource {
        if ((long) Math.max(train, test) * inputs > Integer.MAX_VALUE - 8) {
            throw MorulaException.usage(
                    "%d samples of %d features are too many: below 2^31 numbers can be held",
                    Math.max(train, test), inputs);
        }
    }

    /** Parses {@code terms}, what follows the name and its colon in {@code text}; what is left out is as in {@link #DEFAULT}. */
    static TeacherSource parse(String text, String terms) {
        Specification description =
                Specification.parseOptions("data set", text, terms, FORM).with("d=", "m=", "train=", "test=", "seed=");
        return new TeacherSource(
                description.integer("d", 1, DEFAULT.inputs),
                description.integer("m", 1, DEFAULT.hidden),
                description.integer("train", 1, DEFAULT.train),
                description.integer("test", 1, DEFAULT.test),
                description.integer("seed", DEFAULT.seed));
    }

    @Override
    public DataSet load(Split split) {
        int count = split == Split.TRAIN ? train : test;
        Network teacher = Network.of(this);
        RandomNumbers random = RandomNumbers.of(seed, Stream.TEACHER_SAMPLES, split.ordinal());
        float[] numbers = new float[count * inputs];
        int[] labels = new int[count];
        double[] sample = new double[inputs];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < inputs; k++) {
                numbers[i * inputs + k] = (float) random.nextNormal();
                sample[k] = numbers[i * inputs + k];
            }
            labels[i] = teacher.output(sample) > 0 ? 1 : 0;
        }
        return new DataSet("teacher", Shape.features(inputs), 2, new Values.Floats(numbers), labels);
    }

    /** The teacher: weight is hidden x inputs. */
    record Network(double[][] weight, double[] readOut) {
        static Network of(TeacherSource source) {
            RandomNumbers random = RandomNumbers.of(source.seed, Stream.TEACHER, source.inputs, source.hidden);
            double[][] weight = new double[source.hidden][source.inputs];
            double[] readOut = new double[source.hidden];
            for (int unit = 0; unit < source.hidden; unit++) {
                for (int k = 0; k < source.inputs; k++) {
                    weight[unit][k] = random.nextNormal();
                }
                readOut[unit] = random.nextNormal();
            }
            return new Network(weight, readOut);
        }

        double output(double[] sample) {
            double output = 0;
            for (int unit = 0; unit < readOut.length; unit++) {
                double sum = 0;
                double square = 0;
                for (int k = 0; k < sample.length; k++) {
                    sum += weight[unit][k] * sample[k];
                    square += weight[unit][k] * weight[unit][k];
                }
                output += readOut[unit] * (Math.max(0, sum) - Math.sqrt(square) * MEAN_OF_POSITIVE_PART);
            }
            return output;
        }
    }

    @Override
    public String toString() {
        return "teacher:d=" + inputs + ",m=" + hidden + ",train=" + train + ",test=" + test + ",seed=" + seed;
    }
}

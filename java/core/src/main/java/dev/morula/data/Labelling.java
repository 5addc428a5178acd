package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.RandomNumbers;
import dev.morula.RandomNumbers.Stream;
import dev.morula.Specification;

/**
 * What is made of a data set's labels.
 *
 * @param target which classes are to be told apart
 * @param noise the probability with which a label of the train split is replaced by a class drawn uniformly from all of
 *     them, its own among them (Zhang et al., Understanding Deep Learning Requires Rethinking Generalization, 2017): 0 for
 *     none, 1 for labels that are random altogether. The labels of the test split stay as they are.
 * @param from the first sample whose label may be replaced, counted from 0
 * @param seed decides which labels are replaced, and by what
 */
public record Labelling(Target target, double noise, long from, long seed) {
    private static final String FORM =
            "as-given, parity, noise=0.2, random, parity,noise=0.2,seed=1 or noise=0.2,from=5000";

    /** Labels as they are. */
    public static final Labelling AS_GIVEN = new Labelling(Target.CLASS, 0, 0, 1);

    /** Which classes are to be told apart. */
    public enum Target {
        /** Those that the data set has. */
        CLASS("as-given"),
        /** Two: even (0) and odd (1) labels, such as those of digits. */
        PARITY("parity");

        private final String text;

        Target(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public Labelling {
        if (!(noise >= 0 && noise <= 1)) {
            throw MorulaException.usage("labels: noise is %s, but must be from 0 to 1", noise);
        }
        if (from < 0 || from > 0 && noise == 0) {
            throw MorulaException.usage(
                    "labels: noise begins at sample %d, but must begin at 0 or above, and there must be noise", from);
        }
    }

    /**
     * Parses {@code as-given}, which may be left out, or {@code parity}; {@code noise=0.2}, or {@code random} for a noise
     * of 1; {@code from=5000}; and {@code seed=1}.
     */
    public static Labelling parse(String text) {
        Specification description = Specification.parseOptions("labels", text, text, FORM)
                .with("as-given", "parity", "noise=", "random", "from=", "seed=")
                .withoutBoth("as-given", "parity")
                .withoutBoth("noise", "random");
        Target target = description.has("parity") ? Target.PARITY : Target.CLASS;
        double noise = description.has("random") ? 1 : description.number("noise", 0);
        return new Labelling(target, noise, description.integer("from", 0), description.integer("seed", 1));
    }

    /** {@code data}, a whole split, with these labels: a sample gets the same whatever subset it is in later. */
    public DataSet apply(DataSet data, Split split) {
        int classes = target == Target.PARITY ? 2 : data.classes();
        int[] labels = data.labels().clone();
        RandomNumbers random = RandomNumbers.of(seed, Stream.LABELS);
        for (int sample = 0; sample < labels.length; sample++) {
            labels[sample] = target == Target.PARITY ? labels[sample] % 2 : labels[sample];
            boolean replaced = random.nextFineUnit() < noise;
            int other = random.nextBelow(classes); // drawn in any case: noise of 0.2 replaces what noise of 0.1 did
            if (split == Split.TRAIN && replaced && sample >= from) {
                labels[sample] = other;
            }
        }
        return data.with(labels, classes);
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        return target + (noise > 0 ? ",noise=" + noise + (from > 0 ? ",from=" + from : "") + ",seed=" + seed : "");
    }
}

package dev.morula.cli;

import dev.morula.redundancy.clones.CloneResult;

/** What {@code morula clones} found, as a table. */
final class ClonesText {
    private static final double PERCENT = 100;
    private static final int MOST_ROWS = 32;

    private ClonesText() {}

    static String of(ClonesSummary found) {
        StringBuilder text = new StringBuilder(String.format(
                "Of %,d neurons (%,d constant), %,d types: %,d of more than one neuron, the largest of %,d.%n",
                found.neurons(),
                found.constantNeurons(),
                found.typeCount(),
                found.sharedTypes(),
                found.typeCount() == 0 ? 0 : found.typeSizes()[0]));
        if (found.test() != null) {
            text.append(String.format(
                    "%n%5s %8s %8s %13s %9s %8s %9s %7s%n",
                    "clone", "neurons", "types %", "train error %", "test error", "random", "R^2", "random"));
            for (int clone = 0; clone < Math.min(MOST_ROWS, found.cloneCount()); clone++) {
                text.append(row(clone, found.test().clones().get(clone)));
            }
            if (found.cloneCount() > MOST_ROWS) {
                text.append(String.format("  ... %,d more in clones.json%n", found.cloneCount() - MOST_ROWS));
            }
            text.append(System.lineSeparator());
        }
        return text.append(found.sentence()).toString();
    }

    private static String row(int number, CloneResult clone) {
        return String.format(
                "%5d %,8d %8.1f %13.2f %9.2f%% %7.2f%% %9s %7s%n",
                number,
                clone.neurons().length,
                PERCENT * clone.covered(),
                PERCENT * clone.trainError().dealt(),
                PERCENT * clone.testError().dealt(),
                PERCENT * clone.testError().random().mean(),
                share(clone.r2().dealt()),
                share(clone.r2().random().mean()));
    }

    private static String share(Double value) {
        return value == null ? "-" : String.format("%.4f", value);
    }
}

package dev.morula.redundancy.compress;

import java.util.function.ToDoubleFunction;

/** Searches the fewest neurons that keep an error within a bound. */
public final class FewestNeurons {
    private FewestNeurons() {}

    /**
     * Keeps twice as many neurons until {@code error} of the folding, measured on samples that are not the test's, is at
     * most {@code bound}, and then bisects. An error need not fall with every neuron, so there may be fewer that would do by
     * chance. If no number does, all that {@code selection} can take are kept.
     */
    public static Folding search(ForwardSelection selection, double bound, ToDoubleFunction<Folding> error) {
        int tooFew = 0;
        int enough = selection.keep(1);
        while (error.applyAsDouble(selection.fold(enough)) > bound) {
            tooFew = enough;
            enough = selection.keep(2 * tooFew);
            if (enough == tooFew) {
                return selection.fold(enough);
            }
        }
        while (enough - tooFew > 1) {
            int middle = (tooFew + enough) >>> 1;
            if (error.applyAsDouble(selection.fold(middle)) <= bound) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
        return selection.fold(enough);
    }
}

package dev.morula.redundancy.clones;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;
import dev.morula.redundancy.clones.Comparison.Good;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Whether clones that were dealt by types are better than random disjoint chunks of the same sizes and of the same
 * neurons, which is what chance deals. Types must come from other samples than the test's. The verdict rests on one figure,
 * the mean test error of all clones, one-sided at 5 %; the other p-values are for looking at, and many of them.
 *
 * @param clones each on its own
 * @param trainError means over clones, beside those of whole random deals
 * @param deals random deals that errors are compared with
 * @param fits how many of them R^2 and residual correlation are compared with
 */
public record CloneTest(
        List<CloneResult> clones,
        Comparison trainError,
        Comparison testError,
        Comparison r2,
        Comparison residualCorrelation,
        int deals,
        int fits) {
    /**
     * Random deals to compare with.
     *
     * @param deals for errors
     * @param fits the first so many of them for regressions, which take longer; at most {@code deals}
     */
    public record Draws(int deals, int fits, long seed) {}

    /** Tests {@code dealing}, of the neurons of {@code types}. The Gram matrix of the test samples is made on the way. */
    public static CloneTest run(
            Types types,
            Dealing dealing,
            Features train,
            Features test,
            ReadOut readOut,
            Draws draws,
            Kernels kernels,
            Workers workers) {
        List<int[][]> deals = new ArrayList<>();
        deals.add(dealing.clones());
        for (int draw = 0; draw < draws.deals(); draw++) {
            deals.add(Dealing.random(types, dealing.clones().length, draws.seed(), draw)
                    .clones());
        }
        Figures figures = new Figures(
                Measures.errors(train, readOut, deals, kernels, workers),
                Measures.errors(test, readOut, deals, kernels, workers),
                Measures.fits(test, deals.subList(0, draws.fits() + 1), kernels, workers));
        double[] covered = dealing.covered(types);
        List<CloneResult> results = IntStream.range(0, covered.length)
                .mapToObj(clone -> figures.of(clone, dealing.clones()[clone], covered[clone]))
                .toList();
        return figures.summary(results, draws);
    }

    /** Figures of each deal, the one by types first, and in it of each clone. */
    private record Figures(double[][] trainErrors, double[][] testErrors, Measures.Fits fits) {
        CloneResult of(int clone, int[] neurons, double covered) {
            ToDoubleFunction<double[]> own = deal -> deal[clone];
            return new CloneResult(
                    neurons,
                    covered,
                    compare(trainErrors, own, Good.LOW),
                    compare(testErrors, own, Good.LOW),
                    compare(fits.r2(), own, Good.HIGH),
                    compare(fits.residualCorrelation(), own, Good.LOW));
        }

        CloneTest summary(List<CloneResult> results, Draws draws) {
            ToDoubleFunction<double[]> mean =
                    deal -> Arrays.stream(deal).average().orElseThrow();
            return new CloneTest(
                    results,
                    compare(trainErrors, mean, Good.LOW),
                    compare(testErrors, mean, Good.LOW),
                    compare(fits.r2(), mean, Good.HIGH),
                    compare(fits.residualCorrelation(), mean, Good.LOW),
                    draws.deals(),
                    draws.fits());
        }

        private static Comparison compare(double[][] deals, ToDoubleFunction<double[]> figure, Good good) {
            double[] all = Arrays.stream(deals).mapToDouble(figure).toArray();
            return Comparison.of(all[0], Arrays.copyOfRange(all, 1, all.length), good);
        }
    }
}

package dev.morula.redundancy.clones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.cluster.CoverClustering;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.Gram;
import dev.morula.redundancy.ReadOut;
import dev.morula.redundancy.chunks.ChunkFits;
import dev.morula.redundancy.clones.CloneTest.Draws;
import dev.morula.redundancy.clones.Comparison.Good;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clones that are better than random chunks are told from those that are not. */
class CloneTestTest {
    private static final Draws DRAWS = new Draws(39, 19, 11);

    private static Kernels kernels;
    private static Workers workers;

    @BeforeAll
    static void open() {
        kernels = Kernels.cpu();
        workers = new Workers(2);
    }

    @AfterAll
    static void close() {
        workers.close();
        kernels.close();
    }

    private static CloneTest test(PlantedLayer planted, Types types, Dealing dealing, Draws draws, Workers split) {
        Features train = planted.trainFeatures();
        Features test = planted.testFeatures();
        ReadOut readOut = planted.readOut();
        try {
            return CloneTest.run(types, dealing, train, test, readOut, draws, kernels, split);
        } finally {
            train.activations().close();
            test.activations().close();
            readOut.weight().close();
            readOut.bias().close();
        }
    }

    /** The share of samples whose largest logit, summed in float64, is not their label's. */
    private static double error(float[][] activations, int[] labels, float[][] weight, int[] neurons) {
        int wrong = 0;
        for (int sample = 0; sample < labels.length; sample++) {
            int predicted = -1;
            double best = Double.NEGATIVE_INFINITY;
            for (int output = 0; output < weight.length; output++) {
                double logit = 0;
                for (int neuron : neurons) {
                    logit += (double) weight[output][neuron] * activations[sample][neuron];
                }
                predicted = logit > best ? output : predicted;
                best = Math.max(best, logit);
            }
            wrong += predicted == labels[sample] ? 0 : 1;
        }
        return (double) wrong / labels.length;
    }

    @Test
    void plantedClonesAreBetterThanRandomChunks() {
        PlantedLayer planted = PlantedLayer.of(30, 5, 10, 1500, 1);
        Types types = planted.find(new CoverClustering(), 0.8, kernels, workers);
        Dealing dealing = Dealing.of(types, types.clones(), 1);
        CloneTest found = test(planted, types, dealing, DRAWS, workers);
        assertThat(found.testError().p()).isEqualTo(1.0 / 40);
        assertThat(found.r2().p()).isEqualTo(1.0 / 20);
        assertThat(found.residualCorrelation().p()).isEqualTo(1.0 / 20);
        assertThat(found.testError().isBetter()).isTrue();
        assertThat(CloneVerdict.of(found))
                .startsWith("5 clones dealt from types are better than random chunks of the same neurons and sizes: ")
                .contains("(p = 0.025)", "R^2", "mean absolute correlation");
        double sum = 0;
        for (CloneResult clone : found.clones()) {
            double error = error(planted.test(), planted.testLabels(), planted.weight(), clone.neurons());
            assertThat(clone.testError().dealt()).isCloseTo(error, within(1.0 / 1500)); // one tie at most
            assertThat(clone.trainError().dealt())
                    .isCloseTo(
                            error(planted.train(), planted.trainLabels(), planted.weight(), clone.neurons()),
                            within(1.0 / 1500));
            assertThat(clone.covered()).isEqualTo(1);
            assertThat(clone.testError().p()).isBetween(1.0 / 40, 1.0);
            sum += clone.testError().dealt();
        }
        assertThat(found.testError().dealt()).isCloseTo(sum / 5, within(1e-12));
    }

    @Test
    void fitsAreThoseOfChunks() {
        PlantedLayer planted = PlantedLayer.of(12, 3, 4, 400, 2);
        Types types = planted.find(new CoverClustering(), 0.6, kernels, workers);
        Dealing dealing = Dealing.of(types, 3, 1);
        CloneTest found = test(planted, types, dealing, DRAWS, workers);
        try (Matrix values = Matrix.of(planted.test());
                Gram gram = Gram.of(values, kernels, workers)) {
            for (int clone = 0; clone < 3; clone++) {
                ChunkFits fit = ChunkFits.of(gram, new int[][] {dealing.clones()[clone]}, kernels, workers);
                CloneResult result = found.clones().get(clone);
                assertThat(result.r2().dealt()).isCloseTo(fit.r2().mean(), within(1e-12));
                assertThat(result.residualCorrelation().dealt())
                        .isCloseTo(fit.residualCorrelation().mean(), within(1e-12));
            }
        }
    }

    @Test
    void withoutStructureDealtClonesAreBetterAsOftenAsChanceSays() {
        PlantedLayer planted = PlantedLayer.of(60, 1, 10, 500, 3);
        Types types = planted.find(new CoverClustering(), 0.8, kernels, workers);
        assertThat(CloneVerdict.none(types, 0.8))
                .isEqualTo("No two neurons carry the same signal at a correlation of 0.8: there are no clones.");
        int better = 0;
        double sum = 0;
        for (int seed = 0; seed < 40; seed++) {
            CloneTest found = test(planted, types, Dealing.of(types, 4, seed), new Draws(19, 1, 100 + seed), workers);
            String verdict = found.testError().isBetter() ? "better than" : "no better than";
            assertThat(CloneVerdict.of(found))
                    .startsWith("4 clones dealt from types are " + verdict + " random chunks");
            better += found.testError().isBetter() ? 1 : 0;
            sum += found.testError().p();
        }
        assertThat(better).isLessThanOrEqualTo(6); // 2 expected; 7 or more in 0.3 % of cases
        assertThat(sum / 40).isBetween(0.38, 0.68); // 0.525 expected, with a deviation of 0.046
    }

    @Test
    void mostTypesOfOneNeuronMakeNoClones() {
        PlantedLayer planted = PlantedLayer.of(new int[] {4, 1, 1, 1}, 0, 10, 1500, 3);
        Types types = planted.find(new CoverClustering(), 0.8, kernels, workers);
        assertThat(CloneVerdict.none(types, 0.8))
                .isEqualTo(
                        "Only 1 of 4 types have more than one neuron at a correlation of 0.8, so there are no clones.");
    }

    @Test
    void clonesOfOneNeuronHaveFiguresOrNone() {
        PlantedLayer planted = PlantedLayer.of(new int[] {2}, 1, 10, 200, 3);
        Types types = planted.find(new CoverClustering(), 0.8, kernels, workers);
        CloneTest found = test(planted, types, Dealing.of(types, 2, 1), DRAWS, workers);
        assertThat(found.r2().dealt()).isBetween(0.8, 1.0);
        assertThat(found.residualCorrelation().dealt()).isNull(); // one neuron alone is outside
        assertThat(found.residualCorrelation().p()).isNull();
        assertThat(CloneVerdict.of(found)).contains("R^2").doesNotContain("NaN", "null");
    }

    @Test
    void resultsDependOnTheSeedAndNotOnTheNumberOfThreads() {
        PlantedLayer planted = PlantedLayer.of(12, 3, 4, 300, 2);
        Types types = planted.find(new CoverClustering(), 0.6, kernels, workers);
        Dealing dealing = Dealing.of(types, 3, 1);
        CloneTest once = test(planted, types, dealing, DRAWS, workers);
        try (Workers one = new Workers(1)) {
            assertThat(test(planted, types, dealing, DRAWS, one))
                    .usingRecursiveComparison()
                    .isEqualTo(once);
        }
        CloneTest other = test(planted, types, dealing, new Draws(39, 19, 12), workers);
        assertThat(other.testError().random()).isNotEqualTo(once.testError().random());
        assertThat(other.testError().dealt()).isEqualTo(once.testError().dealt());
    }

    @Test
    void thePValueCountsDrawsThatDoAtLeastAsWell() {
        double[] random = IntStream.range(0, 9).mapToDouble(k -> k).toArray();
        assertThat(Comparison.of(2, random, Good.LOW).p()).isEqualTo(0.4);
        assertThat(Comparison.of(2, random, Good.HIGH).p()).isEqualTo(0.8);
        assertThat(Comparison.of(-1, random, Good.LOW).p()).isEqualTo(0.1);
        assertThat(Comparison.of(-1, random, Good.LOW).isBetter()).isFalse(); // nine draws cannot show it
        assertThat(Comparison.of(Double.NaN, random, Good.LOW))
                .isEqualTo(new Comparison(null, Estimate.of(random), null));
        assertThat(Comparison.of(1, new double[] {1, Double.NaN}, Good.LOW).p()).isNull();
    }
}

package dev.morula.correlate;

import dev.morula.correlate.CorrelationPlan.Method;
import dev.morula.correlate.Planner.Choice;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;

/**
 * How a test has pairs looked at, whatever the planner would choose.
 *
 * @param rank most numbers of a projection; fewer where the layer has fewer samples or directions
 */
record ForcedPlan(Method method, int rank) {
    static final ForcedPlan BRUTE = new ForcedPlan(Method.BRUTE, 0);

    /** Finds the edges. Directions are taken from some of every other neuron, so that most are less well known. */
    Correlation run(StandardisedLayer layer, CorrelationQuery query, Kernels kernels, Workers workers) {
        Choice choice = choose(layer, kernels, workers);
        return Correlator.runAs(layer, query, choice, kernels, workers, Progress.NONE);
    }

    private Choice choose(StandardisedLayer layer, Kernels kernels, Workers workers) {
        int[] neurons = layer.correlated();
        if (method == Method.BRUTE || neurons.length < 2) {
            return Choice.BRUTE;
        }
        int most = (int) Math.min(rank, layer.samples());
        if (method == Method.COORDINATES) {
            return new Choice(method, most, null, null, null);
        }
        int[] sampled = Arrays.stream(neurons)
                .filter(i -> i % 2 == neurons[0] % 2)
                .limit(4L * most)
                .toArray();
        try (StandardisedLayer excerpt = layer.excerpt(sampled, kernels)) {
            int wanted = Math.min(most, sampled.length);
            PrincipalBasis basis = PrincipalBasis.of(excerpt, sampled.length, wanted, kernels, workers);
            return new Choice(method, basis.rank(), basis, null, null);
        }
    }

    @Override
    public String toString() {
        return method + (method == Method.BRUTE ? "" : " " + rank);
    }
}

package dev.morula.correlate;

import dev.morula.correlate.CorrelationPlan.Method;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.ScreenKernels;
import dev.morula.kernel.ScreenKernels.Basis;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Chooses how to look at a layer's pairs, by trying on a few of them. Planning may take a twentieth of what it may save:
 * so the more brute force is expected to take, the more is tried.
 */
final class Planner {
    static final int FEWEST = 64; // neurons worth a sample
    private static final double COORDINATES_FROM = 0.5; // seconds of brute force
    private static final double GOOD_SHARE = 0.3; // of brute force: no other way is tried then
    private static final double[] PRINCIPAL_FROM = {1, 3, 8};
    private static final int[] BASIS_NEURONS = {256, 512, 1024};

    // With the three numbers that are folded in, rows of a multiple of 32 numbers, which tiles take whole.
    private static final int[] PRINCIPAL_RANKS = {61, 93, 125, 189, 253};

    private final CorrelationQuery query;
    private final Kernels kernels;
    private final Workers workers;
    private final NeuronSample sample;
    private final long neurons;
    private final Pilot pilot;
    private final List<Estimate> estimates = new ArrayList<>();
    private PrincipalBasis basis;

    /**
     * What was chosen, from what.
     *
     * @param basis the directions for {@link Method#PRINCIPAL}, else null
     * @param estimate what is expected of it; null if the layer is too small to plan
     * @param brute what is expected of products over all samples, which leave little but edges; null likewise
     */
    record Choice(Method method, int rank, PrincipalBasis basis, Estimate estimate, Estimate brute)
            implements AutoCloseable {
        static final Choice BRUTE = new Choice(Method.BRUTE, 0, null, null, null);

        /** The directions to project on. */
        Basis directions() {
            return method == Method.PRINCIPAL ? basis.first(rank) : Basis.coordinates(rank);
        }

        @Override
        public void close() {
            if (basis != null) {
                basis.close();
            }
        }
    }

    private Planner(
            NeuronSample sample, Pilot pilot, long neurons, CorrelationQuery query, Kernels kernels, Workers workers) {
        this.neurons = neurons;
        this.query = query;
        this.kernels = kernels;
        this.workers = workers;
        this.sample = sample;
        this.pilot = pilot;
    }

    /** Chooses for {@code neurons} neurons of {@code layer}. The caller closes the choice. */
    static Choice choose(
            StandardisedLayer layer, int[] neurons, CorrelationQuery query, Kernels kernels, Workers workers) {
        if (neurons.length < FEWEST) {
            return Choice.BRUTE;
        }
        try (NeuronSample sample = NeuronSample.of(layer, neurons, kernels, workers)) {
            return choose(sample, neurons.length, query.pairs(neurons, query.rows()), query, kernels, workers);
        }
    }

    /**
     * Chooses for {@code pairs} pairs of {@code neurons} neurons of which {@code sample} is a part. The caller closes the
     * choice.
     */
    static Choice choose(
            NeuronSample sample, long neurons, long pairs, CorrelationQuery query, Kernels kernels, Workers workers) {
        return choose(sample, null, neurons, pairs, query, kernels, workers);
    }

    /** The same where each neuron of the sample has a threshold of its own, and pairs need the lesser of their two. */
    static Choice choose(
            NeuronSample sample,
            double[] thresholds,
            long neurons,
            long pairs,
            CorrelationQuery query,
            Kernels kernels,
            Workers workers) {
        try (Pilot pilot = new Pilot(sample, thresholds, neurons, pairs, query, kernels, workers)) {
            return new Planner(sample, pilot, neurons, query, kernels, workers).choose();
        }
    }

    private Choice choose() {
        Estimate brute = pilot.brute();
        if (query.plan() == PlanChoice.BRUTE) {
            return new Choice(Method.BRUTE, 0, null, brute, brute);
        }
        boolean forced = query.plan() == PlanChoice.SCREEN;
        if (!forced) {
            estimates.add(brute);
        }
        try {
            int sampled = forced ? sample.basis() : basisNeurons(brute.seconds());
            if (sampled > 0) {
                tryPrincipal(sampled);
            }
            if (forced || (brute.seconds() >= COORDINATES_FROM && best().seconds() > brute.seconds() * GOOD_SHARE)) {
                tryCoordinates();
            }
        } catch (RuntimeException | Error e) {
            closeBasis();
            throw e;
        }
        Estimate best = estimates.isEmpty() ? brute : best();
        if (best.method() != Method.PRINCIPAL) {
            closeBasis();
        }
        return new Choice(best.method(), best.rank(), basis, best, brute);
    }

    private Estimate best() {
        return Collections.min(estimates, Comparator.comparingDouble(Estimate::seconds));
    }

    /** Whether projections of that many numbers fit the memory, beside what refining and the least panels take. */
    private boolean fits(int rank) {
        StandardisedLayer layer = sample.layer();
        ElementType type = layer.view().values().type();
        long columns = rank + ScreenKernels.FOLDED;
        long others = Refinement.bytes(neurons, layer.samples(), type, workers.count())
                + TilePlan.leastBytes(kernels, columns, columns * Float.BYTES, workers.count());
        return neurons * rank * Float.BYTES <= (query.memory() - others) / 2;
    }

    /** How many neurons to take directions from; none where brute force is done before they are found. */
    private int basisNeurons(double bruteSeconds) {
        int sampled = 0;
        for (int i = 0; i < PRINCIPAL_FROM.length; i++) {
            if (bruteSeconds >= PRINCIPAL_FROM[i]) {
                sampled = Math.min(BASIS_NEURONS[i], sample.basis());
            }
        }
        return sampled;
    }

    /** From many samples to few, until fewer no longer pay: so many more pairs are left then. */
    private void tryCoordinates() {
        int most = (int) Math.min(sample.layer().samples() - 1, 1 << 14);
        int[] ranks = IntStream.iterate(61, rank -> rank <= most * 3L / 4, rank -> rank * 3 / 2 / 32 * 32 + 29)
                .filter(this::fits)
                .toArray();
        if (ranks.length == 0) {
            return;
        }
        Basis largest = Basis.coordinates(ranks[ranks.length - 1]);
        try (Pilot.Projected projected = pilot.new Projected(Method.COORDINATES, largest)) {
            double least = Double.POSITIVE_INFINITY;
            for (int i = ranks.length - 1; i >= 0; i--) {
                Estimate estimate = projected.screened(Basis.coordinates(ranks[i]));
                estimates.add(estimate);
                if (estimate.seconds() > 2 * least || isHopelessBelow(estimate)) {
                    return;
                }
                least = Math.min(least, estimate.seconds());
            }
        }
    }

    private void tryPrincipal(int sampled) {
        int most = (int) Math.min(Math.max(1, sampled / 4), sample.layer().samples());
        int[] ranks = IntStream.of(PRINCIPAL_RANKS)
                .filter(rank -> rank <= most && fits(rank))
                .toArray();
        int wanted = ranks.length == 0 ? most : ranks[ranks.length - 1];
        long bytes = PrincipalBasis.bytes(sampled, sample.layer().samples(), wanted);
        if (!fits(wanted) || bytes > query.memory() / 2) {
            return;
        }
        basis = PrincipalBasis.of(sample.layer(), sampled, wanted, kernels, workers);
        try (Pilot.Projected projected = pilot.new Projected(Method.PRINCIPAL, basis.first(basis.rank()))) {
            Estimate widest = projected.screened(basis.first(basis.rank()));
            estimates.add(widest);
            for (int i = 0; i < ranks.length && ranks[i] < basis.rank() && !isHopelessBelow(widest); i++) {
                estimates.add(projected.screened(basis.first(ranks[i])));
            }
        }
    }

    private boolean isHopelessBelow(Estimate estimate) {
        return isHopelessBelow(estimate, best());
    }

    /** Whether refining what {@code estimate} leaves takes longer than the best way in all: fewer numbers leave even more. */
    static boolean isHopelessBelow(Estimate estimate, Estimate best) {
        return estimate.refine() > best.seconds();
    }

    private void closeBasis() {
        if (basis != null) {
            basis.close();
            basis = null;
        }
    }
}

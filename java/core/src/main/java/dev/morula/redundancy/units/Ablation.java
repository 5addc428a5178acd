package dev.morula.redundancy.units;

import dev.morula.MorulaException;
import dev.morula.RandomNumbers;
import dev.morula.RandomNumbers.Stream;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.HiddenLayer;
import dev.morula.prepare.Samples;
import dev.morula.redundancy.Analysis.AblationPoint;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.Predictions;
import dev.morula.train.Logits;
import dev.morula.train.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sets random units of every hidden layer at once to 0, unscaled, and counts the samples whose predicted label stays the
 * same (Casper et al.): agreement with the whole network, not accuracy.
 */
public final class Ablation {
    /** Shares of units are multiples of one over this. */
    static final int PARTS = 6;

    private final Network network;
    private final Samples samples;
    private final Kernels kernels;
    private final Workers workers;
    private final long seed;
    private final int[] whole;

    private Ablation(Network network, Samples samples, long seed, Kernels kernels, Workers workers) {
        this.network = network;
        this.samples = samples;
        this.kernels = kernels;
        this.workers = workers;
        this.seed = seed;
        this.whole = predictions(network);
    }

    /**
     * The curve of {@code network} on {@code samples}, prepared as those it was trained on were. Shares of 0 and 1 leave
     * nothing to chance and take one draw.
     *
     * @param draws of units for every other share, at least 1; the paper has 3
     */
    public static AblationCurve run(
            Network network, Samples samples, int draws, long seed, Kernels kernels, Workers workers) {
        if (draws < 1) {
            throw MorulaException.usage("ablation: %d draws; there must be at least 1", draws);
        }
        Ablation ablation = new Ablation(network, samples, seed, kernels, workers);
        List<AblationPoint> points = new ArrayList<>();
        points.add(new AblationPoint(0, ablation.agreement(ablation.whole), null));
        for (int part = 1; part <= PARTS; part++) {
            points.add(ablation.point(part, part == PARTS ? 1 : draws));
        }
        return new AblationCurve(points);
    }

    private AblationPoint point(int part, int draws) {
        double[] agreements = new double[draws];
        for (int draw = 0; draw < draws; draw++) {
            try (Network ablated = Silencing.of(network, units(network, seed, part, draw))) {
                agreements[draw] = agreement(predictions(ablated));
            }
        }
        Estimate estimate = Estimate.of(agreements);
        return new AblationPoint((double) part / PARTS, estimate.mean(), estimate.standardError());
    }

    /** For each hidden layer the units that are set to 0: {@code floor(part / PARTS * units)} of them. */
    static List<int[]> units(Network network, long seed, int part, int draw) {
        RandomNumbers random = RandomNumbers.of(seed, Stream.ABLATION, part, draw);
        List<int[]> chosen = new ArrayList<>();
        for (HiddenLayer layer : HiddenLayer.of(network.definition())) {
            int[] order = random.permutation(layer.units());
            chosen.add(Arrays.copyOf(order, Math.toIntExact((long) part * layer.units() / PARTS)));
        }
        return chosen;
    }

    private int[] predictions(Network predicting) {
        try (Matrix logits = Logits.of(predicting, samples, kernels, workers)) {
            return Predictions.of(logits);
        }
    }

    /** A sample without a predicted class agrees with nothing. */
    private double agreement(int[] predicted) {
        return (double) Predictions.agreeing(whole, predicted) / whole.length;
    }
}

package dev.morula.redundancy.units;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.Tap;
import dev.morula.prepare.Samples;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.Features;
import dev.morula.train.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The units of one layer. Where there are several random choices of rows, means over them, and of dead and constant units
 * the fewest. Undefined values are null.
 *
 * @param rows samples, or positions of images, that units were compared on
 * @param dead units that are 0 on every row
 * @param constant units with one value on every row, dead ones among them
 * @param similar see {@link SimilarUnits}
 * @param compressability see {@link Compressability}; null for layers wider than asked for
 * @param selectivity see {@link Selectivity}
 * @param unselective share of units with a selectivity below 0.05
 */
public record LayerUnits(
        long units,
        long rows,
        long dead,
        long constant,
        Double similar,
        Double compressability,
        Double selectivity,
        Double unselective) {

    /** The units in {@code features}, one a column, on all of its rows. */
    public static LayerUnits of(Features features, UnitOptions options, Kernels kernels, Workers workers) {
        SimilarUnits similar = SimilarUnits.of(features.activations(), options.memory(), kernels, workers);
        Compressability compressability = features.neurons() > options.mostCompressed()
                ? null
                : Compressability.of(features.activations(), kernels, workers);
        Selectivity selectivity = Selectivity.of(features, kernels, workers);
        return new LayerUnits(
                features.neurons(),
                features.samples(),
                similar.dead(),
                similar.constant(),
                similar.mean(),
                compressability == null ? null : compressability.share(),
                selectivity.mean(),
                selectivity.unselective());
    }

    /** The units at {@code tap}: neurons, or channels with all positions of all samples as rows. */
    public static LayerUnits of(
            Network network,
            Samples samples,
            Tap tap,
            UnitOptions options,
            long seed,
            Kernels kernels,
            Workers workers) {
        boolean allRows = samples.count() * tap.shape().positions() <= options.mostRows();
        List<LayerUnits> draws = new ArrayList<>();
        for (int draw = 0; draw < (allRows ? 1 : options.resamples()); draw++) {
            Features features =
                    UnitRows.record(network, samples, tap, options.mostRows(), seed, draw, kernels, workers);
            try {
                draws.add(of(features, options, kernels, workers));
            } finally {
                features.activations().close();
            }
        }
        return mean(draws);
    }

    private static LayerUnits mean(List<LayerUnits> draws) {
        return new LayerUnits(
                draws.get(0).units,
                draws.get(0).rows,
                draws.stream().mapToLong(LayerUnits::dead).min().orElseThrow(),
                draws.stream().mapToLong(LayerUnits::constant).min().orElseThrow(),
                mean(draws, LayerUnits::similar),
                mean(draws, LayerUnits::compressability),
                mean(draws, LayerUnits::selectivity),
                mean(draws, LayerUnits::unselective));
    }

    private static Double mean(List<LayerUnits> draws, Function<LayerUnits, Double> quantity) {
        return Estimate.of(draws.stream()
                        .mapToDouble(draw -> quantity.apply(draw) == null ? Double.NaN : quantity.apply(draw))
                        .toArray())
                .mean();
    }
}

package dev.morula.redundancy.depth;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;

/**
 * How far a layer tells classes apart. Undefined values are null.
 *
 * @param trainAccuracy of the nearest class centre on train samples
 * @param testAccuracy the same on test samples with the centres of train samples; null without test samples
 * @param trainError one less {@code trainAccuracy}, but rounded once, so that it can be compared with an allowed error
 * @param cdnv see {@link ClassDistanceVariance}, on train samples
 */
public record LayerDepth(
        double trainAccuracy,
        Double testAccuracy,
        double trainError,
        Double cdnv,
        Analysis.NeuralCollapse neuralCollapse) {

    /**
     * Measures one layer.
     *
     * @param test of the same neurons, or null
     * @param readOut that reads this layer, or null
     * @param predicted classes of the train samples by the whole network, or null
     */
    public static LayerDepth of(
            Features train, Features test, ReadOut readOut, int[] predicted, Kernels kernels, Workers workers) {
        try (ClassCentres centres = ClassCentres.of(train, kernels, workers);
                Projection projection = Projection.of(centres, train, kernels, workers)) {
            NearestClassCentre onTrain = NearestClassCentre.of(projection);
            return new LayerDepth(
                    onTrain.accuracy(),
                    test == null
                            ? null
                            : NearestClassCentre.of(centres, test, kernels, workers)
                                    .accuracy(),
                    onTrain.error(),
                    ClassDistanceVariance.of(centres, train, kernels, workers),
                    NeuralCollapse.of(projection, onTrain, readOut, predicted, kernels));
        }
    }
}

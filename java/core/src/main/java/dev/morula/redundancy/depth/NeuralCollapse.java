package dev.morula.redundancy.depth;

import dev.morula.MorulaException;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Predictions;
import dev.morula.redundancy.ReadOut;

/** NC1 to NC4 of a layer (Papyan, Han, Donoho, 2020), on train samples and their own class means. */
final class NeuralCollapse {
    private NeuralCollapse() {}

    /**
     * What there is; null where it is undefined, as all is for fewer than two classes.
     *
     * @param projection of train samples on their own centres
     * @param nearest of the same samples
     * @param readOut that reads this layer, or null
     * @param predicted by the network for the same samples, or null
     */
    static Analysis.NeuralCollapse of(
            Projection projection, NearestClassCentre nearest, ReadOut readOut, int[] predicted, Kernels kernels) {
        ClassCentres centres = projection.centres();
        if (centres.present().length < 2) {
            return new Analysis.NeuralCollapse(null, null, null, null, null, null, null, null);
        }
        Double nc1 = VariabilityCollapse.nc1(projection, kernels);
        RowProducts weights = readOut == null ? null : RowProducts.of(readOut.weight());
        return new Analysis.NeuralCollapse(
                nc1,
                nc1 == null ? null : nc1 / centres.present().length,
                SimplexFrame.equinorm(centres.products()),
                weights == null ? null : SimplexFrame.equinorm(weights),
                SimplexFrame.equiangular(centres.products()),
                weights == null ? null : SimplexFrame.equiangular(weights),
                weights == null ? null : selfDuality(centres, readOut.weight(), weights),
                predicted == null ? null : disagreement(predicted, nearest.nearest()));
    }

    /** NC3: |W^T / |W|_F - M / |M|_F|_F^2; null unless the read-out has one output for each class with a sample. */
    private static Double selfDuality(ClassCentres centres, Matrix weight, RowProducts weights) {
        Matrix directions = centres.directions();
        if (weight.columns() != directions.columns()) {
            throw MorulaException.input(
                    "read-out: reads %d neurons, but the layer has %d", weight.columns(), directions.columns());
        }
        if (weight.rows() != directions.rows() || directions.rows() != centres.classes()) {
            return null;
        }
        double weightNorm = frobenius(weights);
        double directionNorm = frobenius(centres.products());
        double sum = 0;
        for (long first = 0; first < weight.columns(); first += RowProducts.COLUMNS) {
            int count = (int) Math.min(RowProducts.COLUMNS, weight.columns() - first);
            double[][] left = RowProducts.columns(weight, first, count);
            double[][] right = RowProducts.columns(directions, first, count);
            for (int k = 0; k < left.length; k++) {
                for (int i = 0; i < count; i++) {
                    double difference = left[k][i] / weightNorm - right[k][i] / directionNorm;
                    sum += difference * difference;
                }
            }
        }
        return Double.isFinite(sum) ? sum : null;
    }

    private static double frobenius(RowProducts rows) {
        double sum = 0;
        for (int k = 0; k < rows.count(); k++) {
            sum += rows.products()[k][k];
        }
        return Math.sqrt(sum);
    }

    /** NC4: share of samples that the network takes for another class than that of the nearest centre. */
    private static double disagreement(int[] predicted, int[] nearest) {
        if (predicted.length != nearest.length) {
            throw MorulaException.input(
                    "predictions: there are %d for %d samples; there must be one a sample",
                    predicted.length, nearest.length);
        }
        return (double) (nearest.length - Predictions.agreeing(predicted, nearest)) / nearest.length;
    }
}

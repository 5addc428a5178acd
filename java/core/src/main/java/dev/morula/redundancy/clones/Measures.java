package dev.morula.redundancy.clones;

import dev.morula.kernel.AlgebraKernels;
import dev.morula.kernel.AlgebraKernels.ChunkFit;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.Gram;
import dev.morula.redundancy.ReadOut;
import dev.morula.redundancy.chunks.ChunkErrors;
import dev.morula.redundancy.chunks.ChunkFits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Figures of clones in many deals: a row a deal, and in it a figure a clone. */
final class Measures {
    private Measures() {}

    /** Share of the layer's variance that each clone explains, and the correlation of what it leaves of the others. */
    record Fits(double[][] r2, double[][] residualCorrelation) {}

    static double[][] errors(
            Features features, ReadOut readOut, List<int[][]> deals, Kernels kernels, Workers workers) {
        return ChunkErrors.of(features, readOut, deals, kernels, workers).stream()
                .map(ChunkErrors::errors)
                .toArray(double[][]::new);
    }

    static Fits fits(Features features, List<int[][]> deals, Kernels kernels, Workers workers) {
        int clones = deals.get(0).length;
        double[][] r2 = new double[deals.size()][clones];
        double[][] residualCorrelation = new double[deals.size()][clones];
        int largest = Arrays.stream(deals.get(0))
                .mapToInt(clone -> clone.length)
                .max()
                .orElseThrow();
        AlgebraKernels algebra = kernels.algebra();
        List<Matrix> workspaces = new ArrayList<>();
        try (Gram gram = Gram.of(features.activations(), kernels, workers)) {
            for (int worker = 0; worker < workers.count(); worker++) {
                workspaces.add(Matrix.allocate(ElementType.F64, 1, algebra.chunkFitWorkspace(gram.neurons(), largest)));
            }
            workers.forEach((long) deals.size() * clones, (part, worker) -> {
                int deal = (int) (part / clones);
                int clone = (int) (part % clones);
                ChunkFit fit = algebra.fitChunk(
                        gram.products(), deals.get(deal)[clone], workspaces.get(worker), ChunkFits.ALPHA);
                r2[deal][clone] = 1 - fit.residualSquares() / fit.totalSquares();
                residualCorrelation[deal][clone] = fit.heldOut() / fit.heldOutPairs();
            });
        } finally {
            workspaces.forEach(Matrix::close);
        }
        return new Fits(r2, residualCorrelation);
    }
}

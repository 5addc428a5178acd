package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.ScreenKernels;
import dev.morula.kernel.ScreenKernels.Basis;
import dev.morula.kernel.ScreenKernels.Slots;
import dev.morula.kernel.Stage;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;

/** Projects neurons on a basis. */
final class Projections {
    private static final Stage STAGE = new Stage("project", Stage.Unit.NEURONS);
    private static final int BLOCK = 512; // neurons a part of parallel work

    private Projections() {}

    /** Projections of the neurons that have a correlation, ascending, x rank, F32; the caller closes it. */
    static Matrix of(
            StandardisedLayer layer, int[] neurons, Basis basis, Kernels kernels, Workers workers, Progress progress) {
        int[] slots = new int[layer.neurons()];
        int[] before = rowsBefore(slots, neurons);
        Matrix projections = Matrix.allocate(ElementType.F32, Math.max(1, neurons.length), basis.rank());
        try (Matrix slotList = Matrix.allocate(ElementType.I32, 1, slots.length);
                Matrix workspaces =
                        Matrix.allocate(ElementType.F32, (long) workers.count() * BLOCK, ScreenKernels.PIECE)) {
            slotList.write(0, slots, 0, slots.length);
            workers.forEach(before.length - 1, (block, worker) -> {
                int first = (int) block * BLOCK;
                int rows = before[(int) block + 1] - before[(int) block];
                if (rows > 0) {
                    Slots some = new Slots(slotList, first, first, Math.min(BLOCK, slots.length - first));
                    Matrix workspace = workspaces.slice((long) worker * BLOCK, BLOCK);
                    Matrix target = projections.slice(before[(int) block], rows);
                    kernels.screen().project(target, workspace, layer.view(), some, basis);
                }
                if (worker == 0) {
                    progress.report(STAGE, first, slots.length);
                }
            });
            progress.report(STAGE, slots.length, slots.length);
            return projections;
        } catch (RuntimeException | Error e) {
            projections.close();
            throw e;
        }
    }

    /** Fills in each neuron's row within its block, -1 for none, and returns how many rows come before each block. */
    private static int[] rowsBefore(int[] slots, int[] neurons) {
        int blocks = (slots.length + BLOCK - 1) / BLOCK;
        int[] before = new int[blocks + 1];
        Arrays.fill(slots, -1);
        for (int neuron : neurons) {
            slots[neuron] = before[neuron / BLOCK + 1]++;
        }
        for (int block = 0; block < blocks; block++) {
            before[block + 1] += before[block];
        }
        return before;
    }
}

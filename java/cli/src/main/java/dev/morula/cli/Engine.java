package dev.morula.cli;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;

/**
 * What a stage computes with.
 *
 * @param kernels of the device in use
 * @param workers the thread budget
 * @param progress hears how far the work is
 * @param matrixBytes anonymous memory that matrices may take
 */
record Engine(Kernels kernels, Workers workers, Progress progress, long matrixBytes) implements AutoCloseable {
    @Override
    public void close() {
        workers.close();
        kernels.close();
    }
}

package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;

/**
 * What a stage computes with.
 *
 * @param kernels of the device in use
 * @param workers the thread budget
 * @param progress hears how far the work is
 * @param memoryBytes the bound on the anonymous memory of the whole process
 * @param matrixBytes what of it matrices may take
 */
record Engine(Kernels kernels, Workers workers, Progress progress, long memoryBytes, long matrixBytes)
        implements AutoCloseable {

    /** Fails if {@code work} needs more memory for matrices than there is, naming a bound that would do. */
    void requireMemory(long bytes, String work) {
        if (bytes > matrixBytes) {
            // The launcher gives an eighth of the bound to the Java heap.
            long enough = memoryBytes + (bytes - matrixBytes) * 8 / 7 + 1;
            throw MorulaException.resources(
                    "a memory bound of %s leaves %s for matrices, but %s needs %s; --memory %dM would do",
                    ByteSize.format(memoryBytes),
                    ByteSize.format(matrixBytes),
                    work,
                    ByteSize.format(bytes),
                    (enough >> 20) + 1);
        }
    }

    /** The same, but {@code other} hears how far the work is; to be closed in the place of this one, or not at all. */
    Engine with(Progress other) {
        return new Engine(kernels, workers, other, memoryBytes, matrixBytes);
    }

    @Override
    public void close() {
        workers.close();
        kernels.close();
    }
}

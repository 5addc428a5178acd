package dev.morula.kernel;

/** What kernels have repeated instead of being called. */
public final class Repetitions {
    private Repetitions() {}

    /** Parts of rounds so far; none on a CPU. */
    public static long of(Kernels kernels) {
        return kernels instanceof CudaKernels cuda ? cuda.context().repetitions() : 0;
    }
}

package dev.morula.kernel;

import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/** The C functions of {@code morula_cuda.h}, one line each, as {@link MorulaLibrary} has those of {@code morula.h}. */
@Platform(include = "morula_cuda.h", link = "morula_cuda")
@NoException
final class MorulaCudaLibrary {
    private MorulaCudaLibrary() {}

    static native @Cast("const char*") String morula_cuda_last_error();

    static native int morula_cuda_driver_version();

    static native int morula_cuda_runtime_version();

    static native int morula_cuda_device_count(int[] count);

    static native int morula_cuda_describe(
            @Cast("morula_cuda_device*") long[] device,
            @Cast("char*") byte[] name,
            @Cast("int64_t") long nameCapacity,
            int index);

    static native int morula_cuda_probe(int index);
}

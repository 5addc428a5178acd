package dev.morula.kernel;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The CUDA devices of this machine, or why there are none.
 *
 * @param devices what the driver lists, in its order
 * @param absence why {@code devices} is empty; absent when it is not
 * @param driver the newest CUDA version that the installed driver supports, such as "13.0"; absent without a driver
 * @param runtime the CUDA version that the GPU library was built with; absent when it was not built
 */
public record CudaDevices(
        List<CudaDevice> devices, Optional<String> absence, Optional<String> driver, Optional<String> runtime) {

    private static final int FIELDS = 4; // of morula_cuda_device
    private static final int NAME_BYTES = 256;
    private static final Throwable FAILURE = Natives.load(MorulaCudaLibrary.class);
    private static final Optional<String> UNUSABLE = FAILURE != null
            ? Optional.of(unloadable(Natives.rootMessage(FAILURE)))
            : Natives.misfit("GPU library", MorulaCudaLibrary.morula_cuda_abi_version());

    /** Looks for devices. Never throws: whatever is in the way is the reason of the absence. */
    public static CudaDevices find() {
        if (UNUSABLE.isPresent()) {
            return none(UNUSABLE.get(), Optional.empty(), Optional.empty());
        }
        Optional<String> driver = version(MorulaCudaLibrary.morula_cuda_driver_version());
        Optional<String> runtime = version(MorulaCudaLibrary.morula_cuda_runtime_version());
        if (driver.isEmpty()) {
            return none("no driver: the NVIDIA driver is not installed (libcuda.so.1 was not found)", driver, runtime);
        }
        int[] count = {0};
        if (MorulaCudaLibrary.morula_cuda_device_count(count) != 0) {
            return none(MorulaCudaLibrary.morula_cuda_last_error(), driver, runtime);
        }
        List<CudaDevice> devices =
                IntStream.range(0, count[0]).mapToObj(CudaDevices::describe).toList();
        Optional<String> absence = devices.isEmpty() ? Optional.of("no CUDA device") : Optional.empty();
        return new CudaDevices(devices, absence, driver, runtime);
    }

    /** Makes sure that the GPU library is loaded and fits this jar, or throws, of kind UNAVAILABLE, why not. */
    static void require() {
        if (UNUSABLE.isPresent()) {
            throw new MorulaException(Kind.UNAVAILABLE, UNUSABLE.get(), FAILURE);
        }
    }

    /** The first device that computes right. */
    Optional<CudaDevice> usable() {
        return devices.stream().filter(device -> device.fault().isEmpty()).findFirst();
    }

    private static CudaDevices none(String absence, Optional<String> driver, Optional<String> runtime) {
        return new CudaDevices(List.of(), Optional.of(absence), driver, runtime);
    }

    private static String unloadable(String reason) {
        return reason.startsWith("Could not find jni")
                ? "the GPU library is not there: it comes as dev.morula:morula-core:<version>:linux-x86_64-gpu, which is empty when "
                        + "it was built without nvcc"
                : "the GPU library could not be loaded: " + reason;
    }

    private static Optional<String> version(int code) {
        return code == 0 ? Optional.empty() : Optional.of(code / 1000 + "." + code % 1000 / 10);
    }

    /** What the maker of the device with that index calls it. */
    static String name(int index) {
        byte[] name = new byte[NAME_BYTES];
        CudaContext.check(MorulaCudaLibrary.morula_cuda_describe(new long[FIELDS], name, name.length, index));
        return text(name);
    }

    private static CudaDevice describe(int index) {
        long[] fields = new long[FIELDS];
        byte[] name = new byte[NAME_BYTES];
        if (MorulaCudaLibrary.morula_cuda_describe(fields, name, name.length, index) != 0) {
            String fault = MorulaCudaLibrary.morula_cuda_last_error();
            return new CudaDevice(index, "unknown", "unknown", 0, 0, "unknown", Optional.of(fault));
        }
        return new CudaDevice(
                index, text(name), fields[0] + "." + fields[1], fields[2], (int) fields[3], blas(index), probe(index));
    }

    private static String blas(int index) {
        try (CudaContext context = new CudaContext(index, 0)) {
            return MorulaCudaLibrary.morula_cuda_blas(context.address());
        } catch (MorulaException e) {
            return e.getMessage();
        }
    }

    private static Optional<String> probe(int index) {
        return MorulaCudaLibrary.morula_cuda_probe(index) == 0
                ? Optional.empty()
                : Optional.of(MorulaCudaLibrary.morula_cuda_last_error());
    }

    private static String text(byte[] zeroTerminated) {
        int length = 0;
        while (zeroTerminated[length] != 0) {
            length++;
        }
        return new String(zeroTerminated, 0, length, StandardCharsets.UTF_8);
    }
}

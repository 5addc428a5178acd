package dev.morula.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The devices that tests run on here. */
public final class Backends {
    private static final boolean ONLY_GPU = Boolean.getBoolean("morula.tests.gpu");
    private static final AtomicBoolean SAID = new AtomicBoolean(); // once is enough

    private Backends() {}

    /**
     * Every tier of the CPU, and the GPU where there is one that computes right. In the JVM that has the emulated GPU it
     * is that alone, or, where the GPU library could not be built, one tier, lest there be nothing to run.
     */
    public static List<Backend> available() {
        CudaDevices found = CudaDevices.find();
        Optional<CudaDevice> gpu = found.usable();
        if (ONLY_GPU) {
            if (gpu.isEmpty() && !SAID.getAndSet(true)) {
                System.out.println("GPU NOT TESTED: " + found.absence().orElse("no device computes right"));
            }
            return List.of(gpu.isPresent() ? Backend.GPU : Backend.PORTABLE);
        }
        List<Backend> all =
                new ArrayList<>(Tiers.available().stream().map(Backend::new).toList());
        if (gpu.isPresent()) {
            all.add(Backend.GPU);
        }
        return all;
    }
}

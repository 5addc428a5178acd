package dev.morula.kernel;

import dev.morula.MorulaException;
import java.util.Optional;

/**
 * What the native CPU library is and does on this machine, or why it cannot be used.
 *
 * @param fault why no kernels can be had; absent when all is well
 * @param library the library, absent if it could not be loaded
 * @param tierInUse the tier that kernels get unless they ask for another; absent if there is a fault
 */
public record Diagnosis(Optional<String> fault, Optional<Library> library, Optional<Tier> tierInUse) {

    /**
     * A library that was loaded.
     *
     * @param path the file it was loaded from
     * @param build its version, compiler and build type
     * @param hardwareTier the highest tier that processor and operating system offer, whatever MORULA_TIER says
     * @param blasConfig version and build options of the OpenBLAS in use
     * @param blasCore the processor type OpenBLAS chose its kernels for
     */
    public record Library(String path, String build, Tier hardwareTier, String blasConfig, String blasCore) {}

    /** Loads the library if it is not loaded yet, and asks it. Never throws. */
    public static Diagnosis take() {
        Optional<Library> library = Optional.empty();
        try {
            Natives.require();
            library = Optional.of(describe());
            try (Kernels kernels = Kernels.cpu()) {
                return new Diagnosis(Optional.empty(), library, Optional.of(kernels.tier()));
            }
        } catch (MorulaException e) {
            return new Diagnosis(Optional.of(e.getMessage()), library, Optional.empty());
        }
    }

    private static Library describe() {
        return new Library(
                Natives.path(),
                MorulaLibrary.morula_build_info(),
                Tier.values()[MorulaLibrary.morula_hardware_tier()],
                MorulaLibrary.morula_blas_config().strip(),
                MorulaLibrary.morula_blas_core());
    }
}

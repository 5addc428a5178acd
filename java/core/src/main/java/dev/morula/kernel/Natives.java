package dev.morula.kernel;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/** Loads the native library once, keeps the reason when it cannot, and turns status codes into exceptions. */
final class Natives {
    private static final int ABI = 1;
    private static final Throwable FAILURE = load(MorulaLibrary.class);
    private static final String PATH =
            FAILURE == null ? Loader.getLoadedLibraries().getOrDefault("morula", null) : null;

    private Natives() {}

    /** Loads the JNI class {@code library}; returns null, or why it could not be loaded. */
    static Throwable load(Class<?> library) {
        try {
            Loader.load(library);
            return null;
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | RuntimeException e) {
            return e;
        }
    }

    /** Makes sure that the CPU library is loaded and fits this jar, or throws with a remedy. */
    static void require() {
        if (FAILURE != null) {
            throw new MorulaException(Kind.UNAVAILABLE, explain(FAILURE), FAILURE);
        }
        Optional<String> misfit = misfit("native library", MorulaLibrary.morula_abi_version());
        if (misfit.isPresent()) {
            throw new MorulaException(Kind.UNAVAILABLE, misfit.get());
        }
    }

    /** Why a library of that ABI version cannot be used with this jar; absent if it can. */
    static Optional<String> misfit(String library, int abi) {
        return abi == ABI
                ? Optional.empty()
                : Optional.of("the " + library + " has ABI " + abi + ", this jar needs " + ABI
                        + ": use the same version of morula-core and of its natives");
    }

    /** Where the native library was loaded from. */
    static String path() {
        require();
        return PATH;
    }

    /** Throws what {@code status} and the native message say, unless it is success. */
    static void check(int status) {
        if (status != 0) {
            throw failure(status, MorulaLibrary.morula_last_error());
        }
    }

    static MorulaException failure(int status, String message) {
        return switch (status) {
            case 2 -> new MorulaException(Kind.RESOURCES, message);
            case 3 -> new MorulaException(Kind.INPUT, message);
            case 5 -> new MorulaException(Kind.UNAVAILABLE, message);
            default -> new MorulaException(Kind.INTERNAL, message);
        };
    }

    static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    private static String explain(Throwable failure) {
        String platform = Loader.getPlatform();
        String reason = rootMessage(failure);
        String text = "the native library for " + platform + " could not be loaded: " + reason.replaceAll("\\.$", "");
        String lower = reason.toLowerCase(Locale.ROOT);
        if (!platform.equals("linux-x86_64")) {
            return text + "; natives exist for linux-x86_64 only";
        } else if (lower.contains("openblas") || lower.contains("gfortran")) {
            return text
                    + "; OpenBLAS is missing: add org.bytedeco:openblas:0.3.31-1.5.13:linux-x86_64 to the class path";
        } else if (reason.startsWith("Could not find jni")) {
            return text + "; add dev.morula:morula-core:<version>:linux-x86_64 to the class path";
        }
        return text + "; run with -Dorg.bytedeco.javacpp.logger.debug=true to see where it was looked for";
    }
}

package dev.morula.kernel;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.util.Locale;

/** Where the kernels run, as {@code --device} names it. */
public enum Device {
    /** The fastest device that this version computes on: the CPU. */
    AUTO,
    CPU,
    /** A GPU. It is never replaced by the CPU in silence. */
    CUDA;

    /** The kernels of this device, to be closed by the caller; fails with kind UNAVAILABLE if it cannot be had. */
    public Kernels open() {
        if (this == CUDA) {
            throw new MorulaException(Kind.UNAVAILABLE, refusal(CudaDevices.find()));
        }
        return Kernels.cpu();
    }

    private static String refusal(CudaDevices found) {
        return found.absence()
                .map(reason -> "device cuda was asked for, but " + reason + "; use --device cpu")
                .orElse("device cuda was asked for, but this version computes on the CPU only; use --device cpu");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

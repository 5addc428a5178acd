package dev.morula.kernel;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where the kernels run, as {@code --device} names it. */
public enum Device {
    /** A GPU where there is one that computes right, else the CPU. */
    AUTO,
    CPU,
    /** A GPU. It is never replaced by the CPU in silence. */
    CUDA;

    /** The kernels of this device, to be closed by the caller; fails with kind UNAVAILABLE if it cannot be had. */
    public Kernels open() {
        if (this == CPU) {
            return Kernels.cpu();
        }
        CudaDevices found = CudaDevices.find();
        Optional<CudaDevice> device = found.usable();
        if (device.isPresent()) {
            return Kernels.cuda(device.get().index(), 0);
        } else if (this == CUDA) {
            throw new MorulaException(Kind.UNAVAILABLE, refusal(found));
        }
        return Kernels.cpu();
    }

    private static String refusal(CudaDevices found) {
        String reason = found.absence().orElseGet(() -> found.devices().stream()
                .map(device ->
                        device.name() + " does not compute: " + device.fault().orElseThrow())
                .collect(Collectors.joining("; ")));
        return "device cuda was asked for, but " + reason + "; use --device cpu";
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

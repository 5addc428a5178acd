package dev.morula.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CudaDevicesTest {
    @Test
    void listsDevicesOrSaysWhyThereAreNone() {
        CudaDevices found = CudaDevices.find();
        assertThat(found.devices().isEmpty()).isEqualTo(found.absence().isPresent());
        assertThat(found.devices()).allSatisfy(device -> {
            assertThat(device.fault()).isEmpty();
            assertThat(device.memoryBytes()).isPositive();
            assertThat(device.computeCapability()).matches("[0-9]+\\.[0-9]");
        });
    }

    @Test
    void aLibraryOfAnotherVersionIsRefused() {
        assertThat(Natives.misfit("GPU library", 1)).isEmpty();
        assertThat(Natives.misfit("GPU library", 2))
                .hasValue("the GPU library has ABI 2, this jar needs 1: use the same version of morula-core and of its "
                        + "natives");
    }

    @Test
    void theCudaDeviceIsRefusedWithTheReasonOrOpened() {
        Optional<String> absence = CudaDevices.find().absence();
        if (absence.isEmpty()) {
            try (Kernels kernels = Device.CUDA.open()) {
                assertThat(kernels.device()).isNotEqualTo("cpu");
            }
            return;
        }
        assertThatThrownBy(Device.CUDA::open)
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessage("device cuda was asked for, but " + absence.get() + "; use --device cpu");
    }

    @Test
    void autoAndCpuComputeOnTheCpu() {
        try (Kernels auto = Device.AUTO.open();
                Kernels cpu = Device.CPU.open()) {
            assertThat(auto.tier()).isEqualTo(cpu.tier());
        }
    }
}

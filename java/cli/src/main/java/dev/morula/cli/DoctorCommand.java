package dev.morula.cli;

import dev.morula.MorulaException.Kind;
import dev.morula.Version;
import dev.morula.kernel.CudaDevices;
import dev.morula.kernel.Diagnosis;
import dev.morula.kernel.SystemMemory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what Morula runs on here, and what is in its way. */
@Command(
        name = "doctor",
        description = "Says what Morula runs on here: Java, native library, CPU tier, OpenBLAS, memory, GPUs; "
                + "exits with 5 if the native library cannot be used.")
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        Diagnosis engine = Diagnosis.take();
        Findings findings = Findings.of(Version.current(), engine, SystemMemory.now(), CudaDevices.find());
        output.print(findings.fields(), findings.text());
        engine.fault().ifPresent(fault -> spec.commandLine().getErr().println("morula: " + fault));
        return engine.fault().isPresent() ? Kind.UNAVAILABLE.exitCode() : 0;
    }
}

package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.kernel.Device;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Progress;
import dev.morula.kernel.SystemMemory;
import dev.morula.kernel.Workers;
import picocli.CommandLine.Option;

/** The options of every command that computes: what it may use. Mixed in as {@code @Mixin EngineOptions engine}. */
final class EngineOptions {
    private static final long LEAST_MEMORY = 256L << 20;
    // What the process takes beside heap and matrices: code, metaspace, stacks, the collector's tables (40 to 60 MiB
    // were seen on JDK 17 and 25), and the packing buffers of OpenBLAS.
    private static final long JVM_BYTES = 96L << 20;
    private static final double SHARE_OF_AVAILABLE = 0.8;

    @Option(names = "--threads", paramLabel = "N", description = "threads to use (default: one a processor)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--device", paramLabel = "DEVICE", description = "auto, cpu or cuda (default: auto)")
    private Device device = Device.AUTO;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "most anonymous memory that the process may take, such as 8G (default: 80%% of what is free)")
    private Long memory;

    /** Everything a stage computes with, to be closed by the caller. */
    Engine open(Progress progress) {
        return new Engine(kernels(), workers(), progress, memoryBytes(), matrixBytes());
    }

    /** One of {@code parts} engines side by side: one thread, and that part of the memory for matrices. */
    Engine openShare(int parts) {
        return new Engine(kernels(), new Workers(1), Progress.NONE, memoryBytes(), matrixBytes() / parts);
    }

    Workers workers() {
        if (threads < 1) {
            throw MorulaException.usage("--threads %d: at least 1 is needed", threads);
        }
        return new Workers(threads);
    }

    Kernels kernels() {
        return device.open();
    }

    /** The bound on the whole process's anonymous memory, in bytes. */
    long memoryBytes() {
        if (memory == null) {
            return (long) (SHARE_OF_AVAILABLE * SystemMemory.now().availableBytes());
        } else if (memory < LEAST_MEMORY) {
            throw MorulaException.usage(
                    "--memory %s: at least %s is needed", ByteSize.format(memory), ByteSize.format(LEAST_MEMORY));
        }
        return memory;
    }

    /** What of {@link #memoryBytes()} remains for matrices once the JVM has taken all that it may, in bytes. */
    long matrixBytes() {
        long bytes = memoryBytes() - JVM_BYTES - Runtime.getRuntime().maxMemory();
        if (bytes <= 0) {
            throw MorulaException.resources(
                    "a memory bound of %s leaves nothing beside a Java heap of %s; allow more with --memory",
                    ByteSize.format(memoryBytes()),
                    ByteSize.format(Runtime.getRuntime().maxMemory()));
        }
        return bytes;
    }
}

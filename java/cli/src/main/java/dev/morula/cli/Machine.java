package dev.morula.cli;

import dev.morula.kernel.SystemMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where a run was made.
 *
 * @param processor its model, as the operating system names it
 * @param processors how many of them there are
 * @param memoryBytes main memory
 * @param system operating system
 * @param java version and vendor of the JDK
 */
record Machine(String processor, int processors, long memoryBytes, String system, String java) {
    static Machine here() {
        return new Machine(
                processorModel(),
                Runtime.getRuntime().availableProcessors(),
                SystemMemory.now().totalBytes(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.version() + ", " + System.getProperty("java.vendor"));
    }

    private static String processorModel() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}

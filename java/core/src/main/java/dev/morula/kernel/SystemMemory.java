package dev.morula.kernel;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory of this machine, or of the container that this process runs in.
 *
 * @param totalBytes all of it
 * @param availableBytes what could be had now without swapping
 */
public record SystemMemory(long totalBytes, long availableBytes) {

    /** Asks the system. */
    public static SystemMemory now() {
        // The bean knows a container's limit, /proc/meminfo knows how much of the page cache would be given up.
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long total = system.getTotalMemorySize();
        return new SystemMemory(total, Math.min(total, available(system)));
    }

    private static long available(OperatingSystemMXBean system) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException e) {
            // not Linux: the bean's figure will do
        }
        return system.getFreeMemorySize();
    }
}

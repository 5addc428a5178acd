package dev.morula.cli;

import dev.morula.kernel.CudaDevice;
import dev.morula.kernel.CudaDevices;
import dev.morula.kernel.Diagnosis;
import dev.morula.kernel.SystemMemory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code morula doctor} found, as fields for tools and as a table for people. */
record Findings(
        String version, Runtime.Version java, int threads, Diagnosis engine, SystemMemory memory, CudaDevices cuda) {

    static Findings of(String version, Diagnosis engine, SystemMemory memory, CudaDevices cuda) {
        int threads = Runtime.getRuntime().availableProcessors();
        return new Findings(version, Runtime.version(), threads, engine, memory, cuda);
    }

    /** The fields of the JSON object; null where there is nothing to say. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("version", version);
        fields.put("java", javaFields());
        fields.put("fault", engine.fault().orElse(null));
        fields.put("library", engine.library().orElse(null));
        fields.put("tier", engine.tierInUse().map(Object::toString).orElse(null));
        fields.put("tierCap", System.getenv("MORULA_TIER"));
        fields.put("threads", threads);
        fields.put("memory", memory);
        fields.put("cuda", cudaFields());
        return fields;
    }

    private Map<String, Object> javaFields() {
        return Map.of(
                "version", java.toString(),
                "vendor", System.getProperty("java.vendor"),
                "home", System.getProperty("java.home"),
                "heapBytes", Runtime.getRuntime().maxMemory());
    }

    private Map<String, Object> cudaFields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("runtime", cuda.runtime().orElse(null));
        fields.put("driver", cuda.driver().orElse(null));
        fields.put("absence", cuda.absence().orElse(null));
        fields.put(
                "devices", cuda.devices().stream().map(Findings::deviceFields).toList());
        return fields;
    }

    private static Map<String, Object> deviceFields(CudaDevice device) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("index", device.index());
        fields.put("name", device.name());
        fields.put("computeCapability", device.computeCapability());
        fields.put("memoryBytes", device.memoryBytes());
        fields.put("multiprocessors", device.multiprocessors());
        fields.put("blas", device.blas());
        fields.put("fault", device.fault().orElse(null));
        return fields;
    }

    /** One line a finding. */
    String text() {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("morula", version);
        lines.put("java", javaLine());
        lines.put("native library", libraryLine());
        lines.put("cpu tier", tierLine());
        lines.put("threads", String.valueOf(threads));
        lines.put("openblas", blasLine());
        lines.put("memory", memoryLine());
        lines.put("cuda", cudaLine());
        return lines.entrySet().stream()
                .map(line -> String.format("%-15s %s%n", line.getKey(), line.getValue()))
                .collect(Collectors.joining());
    }

    private String javaLine() {
        return java + ", " + System.getProperty("java.vendor") + ", " + System.getProperty("java.home");
    }

    private String libraryLine() {
        return engine.library()
                .map(library -> library.path() + " (" + library.build() + ")")
                .orElse("cannot be used");
    }

    private String tierLine() {
        String cap = System.getenv("MORULA_TIER");
        String limit = cap == null ? "" : ", MORULA_TIER=" + cap;
        String hardware = engine.library()
                .map(library -> "hardware " + library.hardwareTier())
                .orElse("hardware unknown");
        return engine.tierInUse().map(Object::toString).orElse("none") + " (" + hardware + limit + ")";
    }

    private String blasLine() {
        return engine.library()
                .map(library -> library.blasConfig() + ", core type " + library.blasCore())
                .orElse("not loaded");
    }

    private String memoryLine() {
        return ByteSize.format(memory.totalBytes()) + ", " + ByteSize.format(memory.availableBytes())
                + " available, Java heap up to "
                + ByteSize.format(Runtime.getRuntime().maxMemory());
    }

    private String cudaLine() {
        String runtime = cuda.runtime()
                .map(version -> ", library built with CUDA " + version)
                .orElse("");
        String driver =
                cuda.driver().map(version -> ", driver for CUDA " + version).orElse("");
        return found(cuda.devices()) + cuda.absence().orElse("") + driver + runtime;
    }

    private static String found(List<CudaDevice> devices) {
        return devices.stream().map(Findings::deviceLine).collect(Collectors.joining("; "));
    }

    private static String deviceLine(CudaDevice device) {
        return String.format(
                "%d: %s, compute capability %s, %s, %s, cuBLAS: %s",
                device.index(),
                device.name(),
                device.computeCapability(),
                ByteSize.format(device.memoryBytes()),
                device.fault().map(fault -> "unusable: " + fault).orElse("works"),
                device.blas());
    }
}

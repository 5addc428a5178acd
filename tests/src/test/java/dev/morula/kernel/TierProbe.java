package dev.morula.kernel;

import dev.morula.MorulaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prints the best tier and then what asking for each one gives; run in a JVM of its own, for MORULA_TIER. */
final class TierProbe {
    private TierProbe() {}

    /** The lines that a JVM with the given MORULA_TIER prints. */
    static List<String> run(String morulaTier) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Dorg.bytedeco.javacpp.cachedir=" + System.getProperty("org.bytedeco.javacpp.cachedir"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TierProbe.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("MORULA_TIER", morulaTier);
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    public static void main(String[] arguments) {
        print(null);
        for (Tier tier : Tier.values()) {
            print(tier);
        }
    }

    private static void print(Tier tier) {
        try (Kernels kernels = tier == null ? Kernels.cpu() : Kernels.cpu(tier)) {
            System.out.println(kernels.tier());
        } catch (MorulaException e) {
            System.out.println(e.kind() + ": " + e.getMessage());
        }
    }
}

package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The program as a process of its own. */
final class Program {
    static final Path PATH = Path.of("../java/cli/target/morula/bin/morula").toAbsolutePath();

    private static final long TIMEOUT_SECONDS = 120;

    private Program() {}

    /** Standard error goes to {@code errors}. */
    static Process start(Path errors, Object... arguments) throws IOException {
        // A shell's background jobs ignore SIGINT and hand that on to their children; a user's foreground job does not.
        return start(List.of("env", "--default-signal=INT"), errors, arguments);
    }

    /** Started by another program, {@code starter}. */
    static Process start(List<String> starter, Path errors, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(starter);
        command.add(PATH.toString());
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        List<String> properties = Stream.of(
                        "org.bytedeco.javacpp.cachedir", "morula.journalRanges", "morula.checkpointSeconds")
                .filter(name -> System.getProperty(name) != null)
                .map(name -> "-D" + name + "=" + System.getProperty(name))
                .toList();
        if (!properties.isEmpty()) {
            builder.environment().put("JDK_JAVA_OPTIONS", String.join(" ", properties));
        }
        return builder.redirectError(errors.toFile()).start();
    }

    static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    static void signal(Process process, String signal) throws IOException, InterruptedException {
        String pid = String.valueOf(process.pid());
        assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor())
                .isZero();
    }
}

package dev.morula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Python, to see that other tools read what Morula writes: MORULA_PYTHON, or python3. */
public final class Python {
    private static final String PYTHON = System.getenv().getOrDefault("MORULA_PYTHON", "python3");

    private Python() {}

    private record Result(int exitCode, String output) {}

    /** Skips the test, saying why, where {@code module} is not installed. */
    public static void require(String module) {
        assumeTrue(execute("import " + module).exitCode() == 0, PYTHON + " has no " + module);
    }

    /** Runs {@code program}, which sees {@code arguments} in sys.argv; it must not fail. Returns what it printed. */
    public static String run(String program, Object... arguments) {
        Result result = execute(program, arguments);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }

    private static Result execute(String program, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(PYTHON, "-c", program));
        Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes());
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            return new Result(-1, PYTHON + " is not there");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

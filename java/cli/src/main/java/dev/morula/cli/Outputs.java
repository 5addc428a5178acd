package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.data.OutputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks the files that a command is to write before its work begins. */
final class Outputs {
    private static final String RUN = "run.json";

    private Outputs() {}

    /**
     * Fails if one of {@code outputs} cannot be written, or would take the place of one of {@code inputs}, of another
     * output or of the settings of a run.
     */
    static void require(List<Path> inputs, List<Path> outputs) {
        List<Path> taken = new ArrayList<>(inputs);
        for (Path output : outputs) {
            OutputFile.requireWritable(output);
            for (Path other : taken) {
                if (isSame(output, other)) {
                    throw MorulaException.usage(
                            "%s: is read or written by this command already; give outputs names of their own (the "
                                    + "summary of x.npz is x.json)",
                            output);
                }
            }
            if (output.endsWith(RUN)) {
                throw MorulaException.usage(
                        "%s: is kept for the settings of a run; give another name (the summary of x.npz is x.json)",
                        output);
            }
            taken.add(output);
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return one.toAbsolutePath()
                            .normalize()
                            .equals(other.toAbsolutePath().normalize())
                    || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
        } catch (IOException e) {
            return false; // reading or writing will say what is wrong
        }
    }
}

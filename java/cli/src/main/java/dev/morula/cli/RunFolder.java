package dev.morula.cli;

import dev.morula.MorulaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a run, by their fixed names in one folder.
 *
 * @param path the folder
 */
record RunFolder(Path path) {
    private static final Pattern KEPT = Pattern.compile("epoch-(\\d{4,9})\\.safetensors");

    /** The folder, made if it is not there. */
    static RunFolder create(Path path) {
        try {
            Files.createDirectories(path);
            return new RunFolder(path);
        } catch (IOException e) {
            throw MorulaException.input("%s: no folder can be made here (%s)", path, e.getMessage());
        }
    }

    /** Deletes the folder if there is nothing in it. */
    void deleteIfEmpty() {
        path.toFile().delete(); // which deletes no folder with something in it
    }

    /** A folder that must exist. */
    static RunFolder open(Path path) {
        if (!Files.isDirectory(path)) {
            throw MorulaException.input("%s: is not a folder; a run is one, as morula train --out makes it", path);
        }
        return new RunFolder(path);
    }

    /** Options, versions, machine, training curves and results. */
    Path run() {
        return path.resolve("run.json");
    }

    /** The settings of a run that is not finished. */
    Path training() {
        return path.resolve("training.json");
    }

    /** What an unfinished run goes on from. */
    Path checkpoint() {
        return path.resolve("checkpoint.safetensors");
    }

    /** One JSON object a line, one line an epoch. */
    Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** The weights after an epoch, where they are kept. */
    Path epoch(int epoch) {
        return path.resolve(String.format("epoch-%04d.safetensors", epoch));
    }

    /** The epochs whose weights are kept, ascending. */
    List<Integer> keptEpochs() {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> KEPT.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> Integer.valueOf(name.group(1)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw MorulaException.input("%s: cannot be listed (%s)", path, e.getMessage());
        }
    }

    Path weights() {
        return path.resolve("model.safetensors");
    }

    Path layer() {
        return path.resolve("layer.npy");
    }

    Path edges() {
        return path.resolve("edges.npz");
    }

    Path labels() {
        return path.resolve("labels.npy");
    }

    Path neurons() {
        return path.resolve("neurons.csv");
    }

    /** The folder of what {@code morula analyze} found. */
    Path analysis() {
        return path.resolve("analysis");
    }

    Path report() {
        return path.resolve("report.html");
    }

    /** Where what is known about {@code result} (edges.npz) is kept: edges.json. */
    static Path summaryOf(Path result) {
        String name = Objects.toString(result.getFileName(), "");
        int dot = name.lastIndexOf('.');
        return result.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".json");
    }
}

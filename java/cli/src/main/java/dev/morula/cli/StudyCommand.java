package dev.morula.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Repeats a paper's experiments. */
@Command(
        name = "study",
        description =
                "Repeats a paper's experiments at a size that one machine can do, from data to report: redundancy "
                        + "(Doimo et al.: chunks and clones, with weight decay, without, and stopped early), units (Casper et al.) or "
                        + "depth (Galanti et al.). Each is one sweep or several, whose command lines study.json has. Whenever it is "
                        + "interrupted, the same command goes on.")
final class StudyCommand implements Callable<Integer> {
    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "STUDY", description = "redundancy, units or depth")
    private Study.Name study;

    @Option(names = "--small", description = "fewer and smaller networks: about ten minutes on two cores")
    private boolean small;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description = "mnist-mini (default), mnist:DIR or fashion-mnist:DIR; the teacher's samples need none")
    private String data = "mnist-mini";

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder of the study, made if needed")
    private Path out;

    @Override
    public Integer call() {
        PrintWriter err = output.err();
        Map<String, SweepResult> results = new LinkedHashMap<>();
        int exitCode = 0;
        List<Study.Named> sweeps = Study.of(study, small ? Study.Size.SMALL : Study.Size.FULL, data)
                .sweeps();
        for (Study.Named sweep : sweeps) {
            Path folder = RunFolder.create(out).path().resolve(sweep.folder());
            SweepResult result = Sweep.run(
                    engineOptions, arguments(sweep, folder), SweepArguments.parse(sweep.options()), folder, err);
            exitCode = Math.max(exitCode, Sweep.exitCode(result, err));
            results.put(folder.toString(), result);
        }
        StudyResult result = StudyResult.of(study, results);
        Json.write(out.resolve("study.json"), result);
        output.print(result, result.text() + "Reports: " + reports(results));
        return exitCode;
    }

    private static List<String> arguments(Study.Named sweep, Path folder) {
        List<String> arguments = new ArrayList<>(List.of("sweep"));
        arguments.addAll(sweep.options());
        arguments.addAll(List.of("--out", folder.toString()));
        return arguments;
    }

    private static String reports(Map<String, SweepResult> results) {
        return String.join(
                ", ",
                results.keySet().stream()
                        .map(folder -> Path.of(folder, "report.html").toString())
                        .toList());
    }
}

package dev.morula.cli;

import dev.morula.Version;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code morula} program. */
@Command(
        name = "morula",
        description = "Finds what a wide neural-network layer holds more than once.",
        versionProvider = Main.VersionLine.class,
        synopsisSubcommandLabel = "COMMAND",
        optionListHeading = "%n",
        commandListHeading = "%nCommands, in the order of the flow:%n",
        footer = {
            "",
            "In the source tree, ./morula builds on first use, and ./morula test builds and runs all tests.",
            "",
            "Exit codes: 0 done, 2 bad usage, 3 bad input, 4 out of the stated memory or disk, "
                    + "5 a device or library that was asked for is not there, 6 a goal was not reached (results are "
                    + "written), 130 interrupted, 143 terminated, 1 anything else.",
            "",
            "Environment: MORULA_TIER=portable|avx2|avx512|amx caps the CPU tier; MORULA_DEBUG=1 shows stack traces; "
                    + "MORULA_INSTALL=0 keeps ./morula from installing build tools."
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this help and exit")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "print the version and exit")
    private boolean version;

    /** The commands in the order of the flow. */
    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("demo", DemoCommand.class);
        commands.put("train", TrainCommand.class);
        commands.put("sweep", SweepCommand.class);
        commands.put("activations", ActivationsCommand.class);
        commands.put("correlate", CorrelateCommand.class);
        commands.put("merge", MergeCommand.class);
        commands.put("cluster", ClusterCommand.class);
        commands.put("dedupe", DedupeCommand.class);
        commands.put("analyze", AnalyzeCommand.class);
        commands.put("clones", ClonesCommand.class);
        commands.put("compress", CompressCommand.class);
        commands.put("report", ReportCommand.class);
        commands.put("doctor", DoctorCommand.class);
        return commands;
    }

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // numbers read the same for everyone, and the same as in the files
        Interruption interruption = Interruption.announceOn(System.err);
        int exitCode = run(arguments, System.out, System.err);
        interruption.forget();
        System.exit(exitCode);
    }

    /** Runs the program and returns its exit code, whatever happens. */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        Failures failures = new Failures();
        PrintWriter errors = new PrintWriter(err, true, StandardCharsets.UTF_8);
        CommandLine line = commandLine(arguments)
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(errors)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
        try {
            return line.execute(arguments);
        } catch (Throwable e) { // picocli hands on Errors; out of memory is one
            return failures.report(e, errors);
        }
    }

    /** Reading a command's options costs start-up time, so when one is named, it alone is added. */
    private static CommandLine commandLine(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        Map<String, Class<?>> commands = commands();
        if (arguments.length > 0 && commands.containsKey(arguments[0])) {
            commands.keySet().retainAll(Set.of(arguments[0]));
        }
        commands.forEach(line::addSubcommand);
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    static final class VersionLine implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"morula " + Version.current()};
        }
    }
}

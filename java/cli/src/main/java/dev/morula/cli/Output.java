package dev.morula.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How a command says what came out: for people, or with {@code --json} as one object on standard output and nothing else
 * there. Progress goes to standard error. Mixed in as {@code @Mixin Output output}.
 */
final class Output {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "print one JSON object on standard output and nothing else there")
    private boolean json;

    /** Prints {@code result}, a map or record without a schema field, as JSON if that was asked for, else {@code text}. */
    void print(Object result, String text) {
        PrintWriter out = command.commandLine().getOut();
        out.println(json ? Json.of(result) : text.stripTrailing());
        out.flush();
    }

    /** Where sentences go that are no result. */
    PrintWriter err() {
        return command.commandLine().getErr();
    }

    /** Shows how far the work is, on standard error; to be closed before {@link #print}. */
    ProgressDisplay progress() {
        return ProgressDisplay.on(command.commandLine().getErr());
    }
}

package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever went wrong into one line on standard error and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final boolean traces = "1".equals(System.getenv("MORULA_DEBUG"));

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String sentence = e.getMessage() + suggestion(e) + "; see " + command + " --help";
        return print(sentence, Kind.USAGE.exitCode(), e, e.getCommandLine().getErr());
    }

    private static String suggestion(ParameterException e) {
        List<String> alike = e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return alike.isEmpty() ? "" : "; did you mean " + String.join(" or ", alike) + "?";
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
        return report(e, line.getErr());
    }

    int report(Throwable failure, PrintWriter err) {
        MorulaException known = known(failure);
        return print(known.getMessage(), known.kind().exitCode(), failure, err);
    }

    private int print(String sentence, int exitCode, Throwable failure, PrintWriter err) {
        err.println("morula: " + sentence.strip().replaceAll("\\s*\\R\\s*", " "));
        if (traces) {
            failure.printStackTrace(err);
        }
        err.flush();
        return exitCode;
    }

    /** The first cause that says something to a user. */
    private static MorulaException known(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MorulaException e) {
                return e;
            } else if (cause instanceof OutOfMemoryError) {
                long heap = Runtime.getRuntime().maxMemory() >> 20;
                return MorulaException.resources("the Java heap of %d MiB is full; allow more with --memory", heap);
            } else if (cause instanceof FileSystemException e) {
                return file(e);
            }
        }
        return new MorulaException(Kind.INTERNAL, "internal error: " + failure + "; MORULA_DEBUG=1 shows where");
    }

    private static MorulaException file(FileSystemException e) {
        String reason = e instanceof NoSuchFileException
                ? "no such file or folder"
                : e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getReason());
        return reason.startsWith("No space left")
                ? MorulaException.resources("%s: no space left on its disk", e.getFile())
                : MorulaException.input("%s: %s", e.getFile(), reason);
    }
}

package dev.morula.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How a command says what came out: for people, or with {@code --json} as one object on standard output and nothing else
 * there. Progress goes to standard error. Mixed in as {@code @Mixin Output output}.
 */
final class Output {
    /** The version of every JSON object; fields are only ever added, so it stays 1. */
    static final int SCHEMA = 1;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "print one JSON object on standard output and nothing else there")
    private boolean json;

    /** Prints {@code result}, a map or record without a schema field, as JSON if that was asked for, else {@code text}. */
    void print(Object result, String text) {
        PrintWriter out = command.commandLine().getOut();
        out.println(json ? toJson(result) : text.stripTrailing());
        out.flush();
    }

    /** Shows how far the work is, on standard error; to be closed before {@link #print}. */
    ProgressDisplay progress() {
        return ProgressDisplay.on(command.commandLine().getErr());
    }

    private static String toJson(Object result) {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING);
        ObjectNode fields = mapper.createObjectNode().put("schema", SCHEMA);
        fields.setAll((ObjectNode) mapper.valueToTree(result));
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}

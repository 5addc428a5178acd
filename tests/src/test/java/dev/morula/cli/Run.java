package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One run of the program in this JVM: its exit code and what it printed. */
record Run(int exitCode, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static Run of(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] texts = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        int exitCode = Main.run(texts, new PrintStream(out), new PrintStream(err));
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** This run, which must have ended with {@code expected}. */
    Run exits(int expected) {
        assertThat(exitCode).as(err).isEqualTo(expected);
        return this;
    }

    /** Standard output, which must be one JSON object and nothing else. */
    JsonNode json() {
        return parse(out);
    }

    static JsonNode parse(String json) {
        try {
            JsonNode object = JSON.readTree(json);
            assertThat(object.path("schema").asInt()).isEqualTo(1);
            return object;
        } catch (JsonProcessingException e) {
            throw new AssertionError("not one JSON object: " + json, e);
        }
    }
}

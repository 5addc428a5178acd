package dev.morula.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.morula.MorulaException;
import dev.morula.data.OutputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JSON objects that Morula writes and reads again: each has a schema number, and fields are only ever added. */
final class Json {
    /** The version of every JSON object; fields are only ever added, so it stays 1. */
    static final int SCHEMA = 1;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    /** {@code value}, a map or record without a schema field, as an object that begins with one. */
    static String of(Object value) {
        ObjectNode fields = MAPPER.createObjectNode().put("schema", SCHEMA);
        fields.setAll((ObjectNode) MAPPER.valueToTree(value));
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code value}, a map or record, without a schema field. */
    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** {@code value} on one line, without a schema field. */
    static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static void write(Path file, Object value) {
        byte[] text = (of(value) + "\n").getBytes(StandardCharsets.UTF_8);
        try (OutputFile output = OutputFile.create(file)) {
            output.write(text, text.length);
            output.commit();
        }
    }

    /** Reads what {@link #write} wrote. */
    static <T> T read(Path file, Class<T> type) {
        try {
            ObjectNode fields = MAPPER.readValue(Files.readString(file), ObjectNode.class);
            if (fields.path("schema").asInt() != SCHEMA) {
                throw MorulaException.input(
                        "%s: has schema %s; this version reads schema %d", file, fields.path("schema"), SCHEMA);
            }
            return MAPPER.treeToValue(fields, type);
        } catch (JsonProcessingException e) {
            throw MorulaException.input("%s: is not what Morula writes: %s", file, e.getOriginalMessage());
        } catch (IOException e) {
            throw MorulaException.input("%s: cannot be read (%s)", file, e);
        }
    }
}

package dev.morula.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.morula.MorulaException;
import dev.morula.data.OutputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a journal is of: the JSON in its file {@code key}. */
record JournalKey(String key, int neurons, Map<String, String> settings) {
    static final String NAME = "key";
    private static final int SCHEMA = 1;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    JournalKey {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    void write(Path file) {
        ObjectNode json = MAPPER.createObjectNode().put("schema", SCHEMA);
        json.setAll((ObjectNode) MAPPER.valueToTree(this));
        byte[] text = (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        try (OutputFile output = OutputFile.create(file)) {
            output.write(text, text.length);
            output.commit();
        }
    }

    static JournalKey read(Path file) {
        try {
            ObjectNode json = MAPPER.readValue(Files.readString(file), ObjectNode.class);
            if (json.path("schema").asInt() == SCHEMA && json.hasNonNull("key") && json.hasNonNull("settings")) {
                return MAPPER.treeToValue(json, JournalKey.class);
            }
            throw MorulaException.input("%s: is not the key of a journal of schema %d", file, SCHEMA);
        } catch (JsonProcessingException e) {
            throw MorulaException.input("%s: is not the key of a journal: %s", file, e.getOriginalMessage());
        } catch (IOException e) {
            throw MorulaException.input("%s: cannot be read (%s)", file, e);
        }
    }

    /** Fails unless a run with key {@code mine} can go on with the journal in {@code folder}, whose key this is. */
    void requireSame(Path folder, JournalKey mine) {
        if (neurons != mine.neurons || !key.equals(mine.key)) {
            throw MorulaException.input(
                    "%s: is the journal of another run: %s; give --resume with the input and options of that run, or delete "
                            + "the folder to begin anew",
                    folder, difference(mine));
        }
    }

    private String difference(JournalKey mine) {
        return neurons == mine.neurons
                ? ShardHeader.difference(settings, mine.settings)
                : String.format("its layer has %d neurons, not %d", neurons, mine.neurons);
    }
}

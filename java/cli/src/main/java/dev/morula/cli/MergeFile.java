package dev.morula.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.morula.cluster.Duplicates;
import dev.morula.cluster.Duplicates.Group;
import dev.morula.data.OutputFile;
import dev.morula.kernel.Sign;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * merge.json: which kept row stands for which others, and what the other kept rows are. Every row is a representative, a
 * member, or in one of the lists "alone", "zero", "constant" and "nonFinite". It is streamed, one group a line.
 */
final class MergeFile {
    private final Duplicates duplicates;
    private final RowKinds kinds;
    private final Sign sign;

    MergeFile(Duplicates duplicates, RowKinds kinds, Sign sign) {
        this.duplicates = duplicates;
        this.kinds = kinds;
        this.sign = sign;
    }

    void write(Path target) {
        try (OutputFile file = OutputFile.create(target)) {
            try (JsonGenerator json = new JsonFactory().createGenerator(file.stream())) {
                json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET); // the file is committed open
                write(json);
                json.writeRaw('\n');
            } catch (IOException e) {
                throw file.failure(e);
            } catch (UncheckedIOException e) {
                throw file.failure(e.getCause());
            }
            file.commit();
        }
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("schema", Json.SCHEMA);
        json.writeArrayFieldStart("groups");
        duplicates.forEachGroup(group -> writeGroup(json, group));
        json.writeEndArray();
        writeList(json, "alone", kinds.alone());
        writeList(json, "zero", kinds.zero());
        writeList(json, "constant", kinds.constant());
        writeList(json, "nonFinite", kinds.nonFinite());
        json.writeEndObject();
    }

    private void writeGroup(JsonGenerator json, Group group) {
        try {
            json.writeRaw('\n');
            json.writeStartObject();
            json.writeNumberField("representative", group.representative());
            json.writeArrayFieldStart("members");
            for (int k = 0; k < group.members().length; k++) {
                writeMember(json, group.members()[k], group.correlations()[k]);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeMember(JsonGenerator json, int row, float correlation) throws IOException {
        json.writeStartObject();
        json.writeNumberField("row", row);
        json.writeNumberField("correlation", correlation);
        if (sign == Sign.ABSOLUTE) {
            json.writeBooleanField("negated", correlation < 0);
        }
        json.writeEndObject();
    }

    private static void writeList(JsonGenerator json, String name, int[] rows) throws IOException {
        json.writeRaw('\n');
        json.writeFieldName(name);
        json.writeArray(rows, 0, rows.length);
    }
}

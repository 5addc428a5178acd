package dev.morula.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.morula.MorulaException;
import dev.morula.correlate.RowRange;
import dev.morula.data.InputFile;
import dev.morula.kernel.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The layout of an edge shard file; all numbers are little-endian.
 *
 * <pre>
 *   8 bytes   0x93 MORULAE
 *   int32     length of the text that follows the next field
 *   int32     CRC32C of what is before it and of the text
 *   text      JSON: schema, key, neurons, firstRow, endRow, recordEdges, settings
 *   records   int32 CRC32C, pairs (int64, smaller neuron * 2^32 + larger), values (float32);
 *             each of recordEdges edges but the last, which has the rest
 *   int64     number of edges
 *   int32     CRC32C
 * </pre>
 *
 * The checksums of records and end begin with that of the header, so that no part of one file passes in another, and
 * those of records with their number, so that none passes in another place.
 *
 * @param header what the shard holds
 * @param recordEdges edges in every record but the last
 * @param headerBytes where the first record begins
 * @param headerChecksum the CRC32C in the header
 */
record ShardFormat(ShardHeader header, int recordEdges, int headerBytes, int headerChecksum) {
    static final int EDGE_BYTES = Long.BYTES + Float.BYTES;
    static final int CHECKSUM_BYTES = Integer.BYTES;
    static final int END_BYTES = Long.BYTES + CHECKSUM_BYTES;

    private static final byte[] MAGIC = {(byte) 0x93, 'M', 'O', 'R', 'U', 'L', 'A', 'E'};
    private static final int FIXED_BYTES = MAGIC.length + Integer.BYTES + CHECKSUM_BYTES;
    private static final int LONGEST_TEXT = 1 << 20;
    private static final int MOST_RECORD_EDGES = 1 << 22;
    private static final int SCHEMA = 1;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    long records(long edges) {
        return (edges + recordEdges - 1) / recordEdges;
    }

    /** Where record {@code number} begins. */
    long offset(long number) {
        return headerBytes + number * (CHECKSUM_BYTES + (long) recordEdges * EDGE_BYTES);
    }

    /** Size of a whole file of so many edges. */
    long fileBytes(long edges) {
        return headerBytes + records(edges) * CHECKSUM_BYTES + edges * EDGE_BYTES + END_BYTES;
    }

    /** A checksum that has seen where it stands: record {@code number}, or the end, which follows the last one. */
    CRC32C checksum(long number) {
        CRC32C checksum = new CRC32C();
        checksum.update(littleEndian(Integer.BYTES + Long.BYTES)
                .putInt(headerChecksum)
                .putLong(number)
                .flip());
        return checksum;
    }

    /** The bytes of the end of a file of so many edges. */
    byte[] end(long edges) {
        ByteBuffer end = littleEndian(END_BYTES).putLong(edges);
        CRC32C checksum = checksum(records(edges));
        checksum.update(end.array(), 0, Long.BYTES);
        return end.putInt((int) checksum.getValue()).array();
    }

    static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ShardFormat of(ShardHeader header, int recordEdges) {
        byte[] bytes = encode(header, recordEdges);
        int checksum = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(FIXED_BYTES - CHECKSUM_BYTES);
        return new ShardFormat(header, recordEdges, bytes.length, checksum);
    }

    /** What a file begins with. */
    byte[] start() {
        return encode(header, recordEdges);
    }

    private static byte[] encode(ShardHeader header, int recordEdges) {
        ObjectNode json = MAPPER.createObjectNode()
                .put("schema", SCHEMA)
                .put("key", header.key())
                .put("neurons", header.neurons())
                .put("firstRow", header.rows().first())
                .put("endRow", header.rows().end())
                .put("recordEdges", recordEdges);
        json.set("settings", MAPPER.valueToTree(header.settings()));
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = littleEndian(FIXED_BYTES + text.length);
        bytes.put(MAGIC).putInt(text.length);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.array(), 0, bytes.position());
        checksum.update(text);
        return bytes.putInt((int) checksum.getValue()).put(text).array();
    }

    /** Reads the start of {@code file}. */
    static ShardFormat read(InputFile file) {
        ByteBuffer fixed = file.read(0, (int) Math.min(FIXED_BYTES, file.size()), "header");
        if (fixed.capacity() < FIXED_BYTES || !Arrays.equals(fixed.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw MorulaException.input("%s: is not an edge shard: it does not begin as one", file.path());
        }
        int length = fixed.getInt(MAGIC.length);
        int checksum = fixed.getInt(MAGIC.length + Integer.BYTES);
        if (length < 0 || length > LONGEST_TEXT) {
            throw damagedHeader(file);
        }
        byte[] text = file.read(FIXED_BYTES, length, "header").array();
        CRC32C computed = new CRC32C();
        computed.update(fixed.array(), 0, FIXED_BYTES - CHECKSUM_BYTES);
        computed.update(text);
        if ((int) computed.getValue() != checksum) {
            throw damagedHeader(file);
        }
        return parse(file, text, checksum);
    }

    private static MorulaException damagedHeader(InputFile file) {
        return MorulaException.input("%s: is damaged: its header does not match its checksum", file.path());
    }

    private static ShardFormat parse(InputFile file, byte[] text, int checksum) {
        try {
            JsonNode json = MAPPER.readTree(text);
            if (json.path("schema").asInt() != SCHEMA) {
                throw MorulaException.input(
                        "%s: is an edge shard of schema %s; this version reads schema %d",
                        file.path(), json.path("schema"), SCHEMA);
            }
            int recordEdges = json.required("recordEdges").asInt();
            if (recordEdges < 1 || recordEdges > MOST_RECORD_EDGES) {
                throw new IllegalArgumentException("records of " + recordEdges + " edges");
            }
            return new ShardFormat(header(json), recordEdges, FIXED_BYTES + text.length, checksum);
        } catch (JsonProcessingException e) {
            throw MorulaException.input("%s: its header is not JSON: %s", file.path(), e.getOriginalMessage());
        } catch (IOException | IllegalArgumentException e) {
            throw MorulaException.input("%s: its header makes no sense: %s", file.path(), e.getMessage());
        }
    }

    private static ShardHeader header(JsonNode json) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.required("settings").properties()) {
            settings.put(entry.getKey(), entry.getValue().asText());
        }
        return new ShardHeader(
                json.required("key").asText(),
                json.required("neurons").asInt(),
                new RowRange(
                        json.required("firstRow").asInt(),
                        json.required("endRow").asInt()),
                settings);
    }

    /** Bytes of memory that one record takes while it is read or written. */
    static long recordMemory(int recordEdges) {
        return (long) recordEdges * (ElementType.I64.bytes() + ElementType.F32.bytes());
    }
}

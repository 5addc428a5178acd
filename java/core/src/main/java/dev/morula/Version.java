package dev.morula;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of this library, as results record it. */
public final class Version {
    private static final String CURRENT = read();

    private Version() {}

    /** Such as "0.1.0". */
    public static String current() {
        return CURRENT;
    }

    private static String read() {
        try (InputStream text = Version.class.getResourceAsStream("version.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

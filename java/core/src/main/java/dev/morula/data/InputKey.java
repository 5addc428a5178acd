package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A name for the result of a computation: the same for the same files, options and version of Morula, and another as soon
 * as one of them changes, as far as can be told without reading everything. Of each file, in the order given, it is made
 * from size, time of the last change, header, and pages drawn at random, the same ones every time; not from its path, so
 * that a copy that keeps the time will do.
 */
public final class InputKey {
    private static final int PAGE = 4096;
    private static final int PAGES = 64;
    private static final long SEED = 0x6d6f72756c61L; // another seed would make another key

    private final MessageDigest digest;

    private InputKey(MessageDigest digest) {
        this.digest = digest;
    }

    /**
     * The key of {@code files} and of {@code options}, all those that change the result, as 64 hexadecimal digits.
     *
     * @throws MorulaException of kind INPUT if a file cannot be read
     */
    public static String of(List<Path> files, List<String> options) {
        try {
            InputKey key = new InputKey(MessageDigest.getInstance("SHA-256"));
            key.add(Version.current());
            key.add(files.size());
            files.forEach(key::add);
            options.forEach(key::add);
            return HexFormat.of().formatHex(key.digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void add(long number) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    }

    /** With its length, so that no two lists of texts run together to the same. */
    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        digest.update(bytes);
    }

    private void add(Path path) {
        try (InputFile file = InputFile.open(path)) {
            add(file.size());
            add(Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS));
            addPage(file, 0);
            SplittableRandom random = new SplittableRandom(SEED + file.size());
            long pages = (file.size() + PAGE - 1) / PAGE;
            for (int page = 0; page < PAGES; page++) {
                addPage(file, random.nextLong(pages) * PAGE);
            }
        } catch (IOException e) {
            throw InputFile.failure(path, e);
        }
    }

    private void addPage(InputFile file, long offset) {
        digest.update(file.read(offset, (int) Math.min(PAGE, file.size() - offset), "content"));
    }
}

package dev.morula.data;

import dev.morula.MorulaException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file that appears whole or not at all: it is written under a temporary name in the target's folder, and {@link
 * #commit()} forces it to disk and renames it. Closed without a commit, and when the program is interrupted, nothing is
 * left under either name, and what stood under the target's name before stays.
 *
 * <p>Failures to write are of kind RESOURCES, a target that cannot be is of kind INPUT; both name the target.
 */
public final class OutputFile implements AutoCloseable {
    private final Path target;
    private final Path temporary;
    private final FileChannel channel;

    OutputFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /** Fails if {@code target} cannot be written, for a command that has long work to do before it writes. */
    public static void requireWritable(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw MorulaException.input("%s: cannot be written: there is no folder %s", target, folder);
        } else if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw MorulaException.input("%s: cannot be written: it exists and is not a regular file", target);
        } else if (!Files.isWritable(folder)) {
            throw MorulaException.input("%s: cannot be written: no file can be made in folder %s", target, folder);
        }
    }

    /** Deletes what a killed program left of {@code target} under temporary names; not while another one writes it. */
    public static void deleteUnfinished(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        Pattern temporary = Pattern.compile("\\." + Pattern.quote(target.getFileName() + ".") + "[0-9a-f-]{36}\\.tmp");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (temporary.matcher(file.getFileName().toString()).matches()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw InputFile.failure(folder, e);
        }
    }

    /** Begins to write {@code target}, whose folder must exist. */
    public static OutputFile create(Path target) {
        requireWritable(target);
        Path folder = target.toAbsolutePath().getParent();
        Path temporary = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        temporary.toFile().deleteOnExit(); // for a program that is interrupted
        try {
            FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new OutputFile(target, temporary, channel);
        } catch (IOException e) {
            throw MorulaException.input("%s: no file can be made in folder %s (%s)", target, folder, e);
        }
    }

    public Path target() {
        return target;
    }

    /** Appends the first {@code length} bytes of {@code source}. */
    public void write(byte[] source, int length) {
        try {
            for (ByteBuffer rest = ByteBuffer.wrap(source, 0, length); rest.hasRemaining(); ) {
                channel.write(rest);
            }
        } catch (IOException e) {
            close(); // the caller may not have come to its try yet
            throw failure(e);
        }
    }

    /** Writes {@code source} over what was written at byte {@code at}; appending goes on where it was. */
    void overwrite(byte[] source, long at) throws IOException {
        for (ByteBuffer rest = ByteBuffer.wrap(source); rest.hasRemaining(); ) {
            channel.write(rest, at + rest.position());
        }
    }

    /** What is written to the stream is appended to the file; closing the stream ends the writing, without a commit. */
    public OutputStream stream() {
        return Channels.newOutputStream(channel);
    }

    /** Gives the file its name, after all its bytes are on the disk. */
    public void commit() {
        try {
            channel.force(true);
            channel.close();
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            forceFolder();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Without this, the file has its name only until the power fails. */
    private void forceFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(temporary.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** The sentence for an exception from {@link #stream()}. */
    public MorulaException failure(IOException e) {
        String reason = e.getMessage() == null ? e.toString() : e.getMessage();
        return new MorulaException(MorulaException.Kind.RESOURCES, target + ": could not be written: " + reason, e);
    }

    /** Removes what was written, unless it was committed. */
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw failure(e);
        }
    }
}

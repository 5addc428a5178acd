package dev.morula.data;

import dev.morula.MorulaException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A regular, non-empty file that is being read, also by several threads at once. Every failure is of kind INPUT and names the file. */
public final class InputFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final long size;

    private InputFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    public static InputFile open(Path path) {
        if (!Files.exists(path)) {
            throw MorulaException.input("%s: there is no such file", path);
        } else if (Files.isDirectory(path)) {
            throw MorulaException.input("%s: is a folder, not a file", path);
        } else if (!Files.isRegularFile(path)) {
            throw MorulaException.input("%s: is not a regular file, so it cannot be mapped", path);
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            InputFile file = new InputFile(path, channel, channel.size());
            if (file.size == 0) {
                file.close();
                throw MorulaException.input("%s: is empty", path);
            }
            return file;
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /** The sentence for an {@link IOException} on {@code path}. */
    static MorulaException failure(Path path, IOException e) {
        return new MorulaException(MorulaException.Kind.INPUT, path + ": could not be read: " + e, e);
    }

    public Path path() {
        return path;
    }

    public long size() {
        return size;
    }

    /** The bytes from {@code offset} on, little-endian; {@code part} says in an error what the file ends in. */
    public ByteBuffer read(long offset, int length, String part) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw MorulaException.input("%s: is truncated: it has %d bytes and ends inside its %s", path, size, part);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        read(offset, bytes.array(), length);
        return bytes;
    }

    /** The {@code length} bytes from {@code offset} on, which must be in the file, into the front of {@code target}. */
    public void read(long offset, byte[] target, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(target, 0, length);
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, offset + bytes.position()) < 0) {
                    throw MorulaException.input("%s: became shorter while it was read", path);
                }
            }
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /** The bytes from {@code offset} on, buffered; not to be used beside another stream of this file. */
    InputStream stream(long offset) {
        try {
            return new BufferedInputStream(Channels.newInputStream(channel.position(offset)), 1 << 16);
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failure(path, e);
        }
    }
}

package dev.morula.data;

import dev.morula.MorulaException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A folder of files that appears with all of them or not at all: it is filled under a temporary name beside the target,
 * and {@link #commit()} renames it. Closed without a commit, and when the program is interrupted, nothing is left of it.
 */
public final class OutputFolder implements AutoCloseable {
    private final Path target;
    private final Path temporary;
    private final List<Path> files = new ArrayList<>();

    private OutputFolder(Path target, Path temporary) {
        this.target = target;
        this.temporary = temporary;
    }

    /**
     * Fails if {@code target} cannot be made, or is there and anything but an empty folder, for a command that has long
     * work to do before it writes.
     */
    public static void requireFree(Path target) {
        Path absolute = real(target);
        Path parent = absolute.getParent();
        if (Files.exists(absolute) && !isEmptyFolder(absolute)) {
            throw MorulaException.input(
                    "%s: exists and is not an empty folder; give another name, or delete it first", target);
        } else if (!Files.isDirectory(parent)) {
            throw MorulaException.input("%s: cannot be made: there is no folder %s", target, parent);
        } else if (!Files.isWritable(parent)) {
            throw MorulaException.input("%s: cannot be made: nothing can be made in folder %s", target, parent);
        } else if (Files.exists(absolute) && isMountPoint(absolute)) {
            throw MorulaException.input(
                    "%s: is a mount point, which no finished folder can be put in the place of; give the name of a new"
                            + " folder in it",
                    target);
        }
    }

    private static Path real(Path target) {
        try {
            return Files.exists(target)
                    ? target.toRealPath()
                    : target.toAbsolutePath().normalize();
        } catch (IOException e) {
            throw InputFile.failure(target, e);
        }
    }

    private static boolean isEmptyFolder(Path path) {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> content = Files.list(path)) {
            return content.findAny().isEmpty();
        } catch (IOException e) {
            throw InputFile.failure(path, e);
        }
    }

    private static boolean isMountPoint(Path folder) {
        try {
            return !Files.getFileStore(folder).equals(Files.getFileStore(folder.getParent()));
        } catch (IOException e) {
            throw InputFile.failure(folder, e);
        }
    }

    /** Begins the folder {@code target}. */
    public static OutputFolder create(Path target) {
        requireFree(target);
        Path absolute = real(target);
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
        temporary.toFile().deleteOnExit(); // for a program that is interrupted
        try {
            Files.createDirectory(temporary);
            return new OutputFolder(absolute, temporary);
        } catch (IOException e) {
            throw failure(target, e);
        }
    }

    /** Has {@code writer} write the file {@code name} of the folder; its failures name the file's path to be. */
    public void write(String name, Consumer<Path> writer) {
        Path file = temporary.resolve(name);
        file.toFile().deleteOnExit(); // these go last one first, so before their folder
        files.add(file);
        try {
            writer.accept(file);
        } catch (MorulaException e) {
            String message = e.getMessage().replace(temporary.toString(), target.toString());
            throw new MorulaException(e.kind(), message, e);
        }
    }

    /** Gives the folder its name, after all its files are on the disk. */
    public void commit() {
        try {
            force(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE); // takes the place of an empty folder
            force(target.getParent());
        } catch (IOException e) {
            throw failure(target, e);
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static MorulaException failure(Path target, IOException e) {
        return new MorulaException(MorulaException.Kind.RESOURCES, target + ": could not be made: " + e, e);
    }

    /** Removes what was written, unless it was committed. */
    @Override
    public void close() {
        try {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw failure(target, e);
        }
    }
}

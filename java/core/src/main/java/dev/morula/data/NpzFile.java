package dev.morula.data;

import dev.morula.MorulaException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** An .npz archive: named arrays, as {@code numpy.savez}, {@code numpy.savez_compressed} and SciPy write them. */
public final class NpzFile {
    private static final String SUFFIX = ".npy";

    private final Path file;
    private final Map<String, NpzArray> arrays;

    private NpzFile(Path file, Map<String, NpzArray> arrays) {
        this.file = file;
        this.arrays = arrays;
    }

    /**
     * Reads the directory and the header of every array.
     *
     * @throws MorulaException of kind INPUT if the archive or one of its headers is damaged
     */
    public static NpzFile open(Path file) {
        try (InputFile input = InputFile.open(file)) {
            Map<String, NpzArray> arrays = new LinkedHashMap<>();
            for (ZipEntries.Entry entry : ZipEntries.read(input).values()) {
                if (entry.name().endsWith(SUFFIX)) {
                    String name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
                    arrays.put(name, NpzArray.open(input, name, entry));
                }
            }
            return new NpzFile(file, arrays);
        } catch (IOException e) {
            throw InputFile.failure(file, e);
        }
    }

    /** The names of the arrays, in the order of the archive. */
    public Set<String> names() {
        return arrays.keySet();
    }

    /** The array of that name; an error of kind INPUT if there is none. */
    public NpzArray array(String name) {
        NpzArray array = arrays.get(name);
        if (array == null) {
            throw MorulaException.input("%s: has no array \"%s\"; it has %s", file, name, String.join(", ", names()));
        }
        return array;
    }
}

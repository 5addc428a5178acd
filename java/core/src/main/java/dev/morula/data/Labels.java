package dev.morula.data;

import dev.morula.MorulaException;
import java.nio.file.Path;

/** Reads the classes of samples. */
public final class Labels {
    private Labels() {}

    /**
     * The labels in an .npy file, a vector of whole numbers.
     *
     * @throws MorulaException of kind INPUT that names the file, if it is no such vector, or a label is not from 0 to below
     *     {@code classes}
     */
    public static int[] read(Path file, int classes) {
        try (NumberFile numbers = NumberFile.open(file)) {
            return numbers.labels(classes);
        }
    }
}

package dev.morula.report;

import dev.morula.MorulaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a report as one HTML file that loads nothing from elsewhere. */
public final class ReportWriter {
    private ReportWriter() {}

    /**
     * Writes the page under a temporary name beside {@code path}, then renames it; an older page is replaced.
     *
     * @throws MorulaException if the file cannot be written; {@code path} is then as it was before
     */
    public static void write(RunReport report, Path path) {
        Path target = path.toAbsolutePath();
        Path unfinished = target.resolveSibling(target.getFileName() + ".tmp");
        try {
            Files.writeString(unfinished, ReportPage.html(report));
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            delete(unfinished, e);
            throw new MorulaException(
                    MorulaException.Kind.RESOURCES, path + ": the report cannot be written here: " + reason(e), e);
        }
    }

    private static void delete(Path unfinished, IOException cause) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}

package dev.morula.report;

import dev.morula.data.OutputFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes a report as one HTML file that loads nothing from elsewhere. */
public final class ReportWriter {
    private ReportWriter() {}

    /** Writes the page; it appears whole or not at all, and an older page is replaced. */
    public static void write(RunReport report, Path path) {
        byte[] page = ReportPage.html(report).getBytes(StandardCharsets.UTF_8);
        try (OutputFile file = OutputFile.create(path)) {
            file.write(page, page.length);
            file.commit();
        }
    }
}

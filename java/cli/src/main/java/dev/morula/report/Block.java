package dev.morula.report;

/** What a page of analyses consists of; each has its data as CSV in a file of its name. */
sealed interface Block permits Chart, TextTable {
    /** The folder of the CSV files, beside the page. */
    String FOLDER = "figures";

    String name();

    DataTable table();

    String html();

    /** Where the data lies, seen from the page. */
    default String file() {
        return FOLDER + "/" + name() + ".csv";
    }

    default String link() {
        return "<p class=\"data\"><a href=\"%s\" download>%s</a></p>".formatted(file(), name() + ".csv");
    }
}

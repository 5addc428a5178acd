package dev.morula.data;

/** The part of a data set that a network learns from, or the part that it is measured on. */
public enum Split {
    TRAIN("train"),
    TEST("t10k");

    private final String filePrefix;

    Split(String filePrefix) {
        this.filePrefix = filePrefix;
    }

    /** What MNIST's file names begin with. */
    String filePrefix() {
        return filePrefix;
    }
}

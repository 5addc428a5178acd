package dev.morula.kernel;

/** Hears how far a long stage is. Calls come from one thread at a time and are cheap enough to make for every tile. */
@FunctionalInterface
public interface Progress {
    /** Hears nothing. */
    Progress NONE = (stage, done, total) -> {};

    /** {@code done} of {@code total} units of {@code stage} are done; done equal to total ends the stage. */
    void report(Stage stage, long done, long total);
}

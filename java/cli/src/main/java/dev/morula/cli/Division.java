package dev.morula.cli;

import dev.morula.correlate.RowRange;
import dev.morula.graph.Journal;
import java.util.function.Consumer;

/** How the work of correlating a layer is divided. */
sealed interface Division {
    /** All in one piece, for those who go on with the graph in memory. */
    Division WHOLE = new Whole();

    record Whole() implements Division {}

    /** Only {@code rows}, into a shard. */
    record Shard(RowRange rows) implements Division {}

    /**
     * Range by range into a journal, where the work is long or its edges are many, or where a journal waits to be gone on
     * with; else in one piece.
     *
     * @param notes takes sentences about what was found damaged
     */
    record Journalled(Journal.Resume resume, Consumer<String> notes) implements Division {}
}

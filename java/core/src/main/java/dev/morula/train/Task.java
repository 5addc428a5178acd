package dev.morula.train;

/** A piece of a step that any worker may do, using memory of that worker's own. */
@FunctionalInterface
interface Task {
    void run(int worker);
}

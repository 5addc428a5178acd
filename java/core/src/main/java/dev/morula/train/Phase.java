package dev.morula.train;

/** What a network computes for: layers such as batch norm and dropout do different things. */
enum Phase {
    TRAINING,
    EVALUATION
}

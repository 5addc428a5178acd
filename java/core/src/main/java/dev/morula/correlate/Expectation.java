package dev.morula.correlate;

/**
 * What a small part of a layer lets one expect of all its pairs; 0 where the layer is too small to tell.
 *
 * @param edges how many edges there will be
 * @param seconds what finding them will take
 * @param passSeconds what of that is going through the layer once, which every range of rows takes
 */
public record Expectation(double edges, double seconds, double passSeconds) {}

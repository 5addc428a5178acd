package dev.morula.correlate;

/** Who chooses how pairs are looked at. */
public enum PlanChoice {
    /** Whatever a small part of the layer shows to be fastest. */
    AUTO,
    /** Products over all samples. */
    BRUTE,
    /** The best way of ruling pairs out by few numbers. */
    SCREEN
}

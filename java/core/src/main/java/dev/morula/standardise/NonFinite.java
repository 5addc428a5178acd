package dev.morula.standardise;

/** What to do with neurons that are NaN or infinite on some sample. */
public enum NonFinite {
    /** Fail, naming the first one. */
    REFUSE,
    /** Keep their index, list them, and give them no edges. */
    DROP
}

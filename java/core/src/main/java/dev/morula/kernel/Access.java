package dev.morula.kernel;

/** How somebody is about to use a matrix. */
enum Access {
    /** Its numbers are read. */
    READ,
    /** They are read or written, in whole or in part. */
    UPDATE,
    /** All of them are written, whatever they were. */
    OVERWRITE
}

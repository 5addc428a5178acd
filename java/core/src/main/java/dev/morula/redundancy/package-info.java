/** Measures how much of a layer is there more than once: chunks, units, depth and clones, as three papers define them. */
package dev.morula.redundancy;

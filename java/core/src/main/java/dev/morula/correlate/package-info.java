/**
 * All pairs of neurons whose correlation reaches a threshold, exactly, without ever holding the neurons x neurons matrix;
 * and what a report shows of all the others: their histogram, and the matrix averaged in blocks.
 */
package dev.morula.correlate;

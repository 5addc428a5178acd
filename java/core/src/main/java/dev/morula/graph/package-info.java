/** The thresholded correlation graph of a layer, and its file: a SciPy sparse matrix. */
package dev.morula.graph;

/** What many networks have in common: means over seeds, ensembles, and whether the shapes of the papers' figures are seen. */
package dev.morula.redundancy.sweep;

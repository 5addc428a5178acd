/**
 * What a run found, for people: {@link dev.morula.report.ReportWriter} writes one HTML file that needs no network,
 * {@link dev.morula.report.TextSummary} the table at the end of a command.
 *
 * <p>{@link dev.morula.report.RunReport} is the input of both. This package knows nothing of the engine's types.
 */
package dev.morula.report;

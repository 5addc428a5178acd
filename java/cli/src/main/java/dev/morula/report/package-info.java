/**
 * What a run found, for people: {@link dev.morula.report.ReportWriter} writes one HTML file that needs no network,
 * {@link dev.morula.report.TextSummary} the table at the end of a command.
 *
 * <p>{@link dev.morula.report.RunReport} is the input of both; what it shows is not of the engine's types. {@link
 * dev.morula.report.AnalysisReport} and {@link dev.morula.report.SweepReport} write the pages of analyses, with the data of
 * every figure as CSV beside the page.
 */
package dev.morula.report;

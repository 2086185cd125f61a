/**
 * Results for people and programs: text beside or below one another, JSON, JSON Lines, CSV; and the reference by
 * reference table of one page walk.
 *
 * <pre>
 *   Result -> ReportFormat -> TextReport -> RunTables (one run) or CompareTables (side by side)
 *                          -> JsonReport, CsvReport
 * </pre>
 *
 * Start reading at {@link hvsim.scenarios.report.ReportFormat}. Numbers are formatted by fixed digit rules
 * ({@code Digits}), never by the user's locale. What every number means is in docs/counters.md.
 */
package hvsim.scenarios.report;

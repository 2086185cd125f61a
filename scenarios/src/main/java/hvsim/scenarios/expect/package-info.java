/**
 * What the lines of {@code expect} mean, and whether they hold.
 *
 * <pre>
 *   "shadow.walks.count > 2 * walks.count because ..."
 *      Tokens -> StatementParser -> Statement -> Meaning (which runs, which metrics) -> Expectation -> Judgement
 * </pre>
 *
 * Start reading at {@link hvsim.scenarios.expect.Expectations}. The metrics are those of
 * {@link hvsim.scenarios.run.Metrics}.
 */
package hvsim.scenarios.expect;

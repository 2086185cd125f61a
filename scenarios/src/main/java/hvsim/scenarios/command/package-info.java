/**
 * The command line: options, exit statuses, output files, progress and what is printed when something fails.
 *
 * <pre>
 *   Cli -> RunCommand, CompareCommand -> Session: load, check, run, judge, write
 *       -> CheckCommand, ShowCommand, ListCommand, ExplainWalkCommand, TraceInfoCommand, TraceConvertCommand
 * </pre>
 *
 * Start reading at {@link hvsim.scenarios.command.Cli}. Standard output is the result, standard error everything
 * else. The work itself is behind {@link hvsim.scenarios.command.Workbench}.
 */
package hvsim.scenarios.command;

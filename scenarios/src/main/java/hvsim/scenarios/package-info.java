/**
 * The program: {@link hvsim.scenarios.Main} starts the command line with a workbench that works in this process.
 *
 * <pre>
 *   command --> file (scenario to checked records) --> run (records to a machine, counts to a Result)
 *      |                                                 |
 *      |                                              workload (programs for the machine)
 *      +--> expect (judges the Result)  --> report (text, JSON, CSV)
 * </pre>
 */
package hvsim.scenarios;

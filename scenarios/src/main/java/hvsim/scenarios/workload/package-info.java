/**
 * What a virtual processor executes: memory references from a pattern or a recorded trace, with instructions and
 * kernel events in between.
 *
 * <pre>
 *   PatternSpec -> Places + kinds = PatternSource \                    ProgramEvents (Schedule by Schedule)
 *                                                  > ReferenceSource \        |
 *   Trace -> TraceReader               = TraceSource /  one a process --> Program --> words for the core
 *                                                                        Loader: PREMAP before a first touch
 * </pre>
 *
 * Start reading at {@link hvsim.scenarios.workload.ProgramSpec}. A program depends only on the scenario's seed, the
 * name of its virtual processor and its own keys; never on time or technique.
 *
 * <p>Not modelled: the data that references carry, and calls, jumps and blocks of code.
 */
package hvsim.scenarios.workload;

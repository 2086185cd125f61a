/**
 * What a virtual processor executes: memory references from a pattern or a recorded trace, with instructions and
 * kernel events in between.
 *
 * <pre>
 *   PatternSpec -> Places + kinds = PatternSource \                    ProgramEvents (Schedule by Schedule)
 *                                                  > ReferenceSource \        |
 *   Trace -> TraceReader (lackey, hvt) = TraceSource /  one a process --> Program --> words for the core
 *                                                                        Loader: PREMAP before a first touch
 * </pre>
 *
 * Start reading at {@link hvsim.scenarios.workload.ProgramSpec}. A program depends only on the scenario's seed, the
 * name of its virtual processor and its own keys; never on time or technique. The lackey format is described in the
 * Valgrind 3.19 User Manual, "Lackey: an example tool".
 *
 * <p>Not modelled: the data that references carry, and calls, jumps and blocks of code.
 */
package hvsim.scenarios.workload;

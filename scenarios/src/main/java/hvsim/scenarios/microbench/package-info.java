/**
 * Operations that engineers know, measured in a loop on the ordinary machinery: a guest program that is written one step at
 * a time, by an author who sees the core's clock. Start reading at {@link hvsim.scenarios.microbench.Operation}.
 */
@NullMarked
package hvsim.scenarios.microbench;

import org.jspecify.annotations.NullMarked;

/**
 * How fast the model is, and whether it counts what an independent simulator counts.
 *
 * <p>{@code reftlb/} beside the sources is that simulator, in C: its engine {@code naive} is the oracle, its engine
 * {@code fast} a mark for speed. {@code README.md} says how both are compared, and what came out. Start with
 * {@link hvsim.benchmarks.Replay} for counts and {@link hvsim.benchmarks.TranslationBenchmark} for speed.
 */
package hvsim.benchmarks;

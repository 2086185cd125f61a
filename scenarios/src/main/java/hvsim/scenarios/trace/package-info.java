/**
 * Recorded memory traces: what they are written in, reading them as words for the core, and what can be said of one.
 *
 * <pre>
 *   file -> TraceBytes (Compression) -> Detection: which format?
 *                   |
 *                   +-> LackeyReader, HvtReader        one reference after another
 *                   +-> RecordReader                   records of several references:
 *                         +- ChampsimReader              64 bytes each
 *                         +- LineReader (Cursor)         a line each: PinatraceReader, Gem5Reader, DrmemtraceReader
 *                   |
 *                   v
 *   TraceReader -> (StretchReader) -> words; TraceInfo; TraceConversion (HvtWriter)
 * </pre>
 *
 * Start reading at {@link hvsim.scenarios.trace.Trace}. Formats follow what their tools document: lackey the Valgrind
 * 3.19 User Manual, "Lackey: an example tool"; pinatrace Pin's User Guide, "Memory Reference Trace"; gem5 its
 * {@code packet.proto} and packet decoding script; ChampSim its {@code input_instr}; drmemtrace the DynamoRIO manual,
 * "Trace Format" and the view tool. What each does not record, and what is assumed instead, is in
 * {@code docs/traces.md}.
 *
 * <p>Not modelled: times, registers, values and branches that traces carry.
 */
package hvsim.scenarios.trace;

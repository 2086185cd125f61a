package hvsim.scenarios.workload;

import hvsim.scenarios.trace.Parts;
import hvsim.scenarios.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a virtual processor's program, without its references.
 *
 * <p>With several processes, process k of n starts k/n on its way: in the trace, in the sweep of an ordered
 * pattern, or with a random sequence of its own. A trace that is not repeated then ends when all processes
 * together have made as many references as it holds; each goes on at its beginning where it ends.
 *
 * @param seed of the scenario
 * @param name of the virtual processor, such as {@code vm-1/0}: programs of different names are different
 * @param warmup operations before the run; a MARK word stands between them and the run if there are any
 * @param operations length of the run, over which rates without {@code perOperations} are spread
 * @param endless whether the program goes on after that, as far as its references go
 * @param instructions in the order of the file
 * @param processes address spaces that take turns
 * @param events what the program asks of its kernel, in the order in which equal places are settled
 * @param premapPageShift 12 to 30: pages of 2^shift bytes are mapped right before they are first touched;
 *     0: the guest's kernel has to map them itself
 * @param placement where its code and data are
 */
public record ProgramSpec(
        long seed,
        String name,
        long warmup,
        long operations,
        boolean endless,
        List<InstructionRate> instructions,
        int processes,
        List<EventRate> events,
        int premapPageShift,
        Placement placement) {

    public ProgramSpec {
        instructions = List.copyOf(instructions);
        events = List.copyOf(events);
        check(warmup >= 0, "warmup: negative");
        check(operations > 0, "operations: none");
        check(processes > 0, "processes: none");
        check(premapPageShift >= 0 && premapPageShift < 57, "no page of 2^" + premapPageShift + " bytes");
    }

    /** The program that makes references by a pattern. */
    public Program program(PatternSpec pattern) {
        List<ReferenceSource> sources = new ArrayList<>();
        for (int process = 0; process < processes; process++) {
            sources.add(Patterns.source(pattern, placement, seed, name, process, processes));
        }
        return program(sources, Long.MAX_VALUE);
    }

    /** The program that replays a trace, over and over if {@code repeat}. */
    public Program program(Trace trace, boolean repeat) {
        if (processes == 1) {
            return program(List.of(new TraceSource(trace, placement, 0, repeat)), Long.MAX_VALUE);
        }
        List<ReferenceSource> sources = new ArrayList<>();
        for (int process = 0; process < processes; process++) {
            sources.add(new TraceSource(trace, placement, Parts.start(trace.references(), process, processes), true));
        }
        return program(sources, repeat ? Long.MAX_VALUE : trace.references());
    }

    private Program program(List<ReferenceSource> sources, long maxReferences) {
        long last = endless ? Long.MAX_VALUE : warmup + operations;
        return new Program(sources, programEvents(), premapPageShift, maxReferences, new Extent(warmup, last));
    }

    private ProgramEvents programEvents() {
        return new ProgramEvents(instructions, events, warmup, operations, Seeds.derive(seed, name + "/events"));
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

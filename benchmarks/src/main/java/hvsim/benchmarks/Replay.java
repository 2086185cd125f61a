package hvsim.benchmarks;

import hvsim.cpu.OpStream;
import hvsim.ept.WalkSpec;
import hvsim.scenarios.trace.Trace;
import hvsim.scenarios.workload.Placement;
import hvsim.scenarios.workload.Program;
import hvsim.scenarios.workload.ProgramSpec;
import hvsim.vmm.Machine;
import hvsim.vmm.MachineSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * What the model counts on a trace, in the words of {@code reftlb}: for {@code compare-with-reftlb.sh}.
 *
 * <pre>
 *   Replay native|nested STRUCTURE_CACHES(0|1) NESTED_TLB TRACE [OPERATIONS]
 * </pre>
 */
public final class Replay {
    private static final int PAGE_SHIFT = 12;

    private final boolean nested;
    private final WalkSpec walk;

    /**
     * @param structureCaches as {@code reftlb -p}
     * @param nestedTlb entries, as {@code reftlb -n}
     */
    Replay(boolean nested, boolean structureCaches, int nestedTlb) {
        this.nested = nested;
        this.walk = Shapes.walk(structureCaches, nestedTlb);
    }

    public static void main(String[] args) {
        if (args.length != 4 && args.length != 5) {
            System.err.println("usage: Replay native|nested 0|1 NESTED_TLB TRACE [OPERATIONS]");
            System.exit(2);
        }
        long operations = args.length == 5 ? Long.parseLong(args[4]) : Long.MAX_VALUE;
        Replay replay = new Replay(args[0].equals("nested"), args[1].equals("1"), Integer.parseInt(args[2]));
        System.out.println(replay.run(Trace.open(Path.of(args[3]), args[3], false), operations));
    }

    /** @param operations of the trace at most */
    ReftlbCounts run(Trace trace, long operations) {
        try (Program program = program(trace, operations)) {
            Machine machine = new Machine(machine(program));
            machine.run(Long.MAX_VALUE);
            machine.checkSums();
            return ReftlbCounts.of(machine.vms().get(0));
        }
    }

    private MachineSpec machine(OpStream program) {
        return nested ? Shapes.nested(Shapes.plain(), walk, true, program) : Shapes.bare(Shapes.plain(), walk, program);
    }

    /** The trace with each page mapped before it is first touched. */
    static Program program(Trace trace, long operations) {
        return new ProgramSpec(1, "vm/0", 0, operations, false, List.of(), 1, List.of(), PAGE_SHIFT, Placement.LONG)
                .program(trace, false);
    }
}

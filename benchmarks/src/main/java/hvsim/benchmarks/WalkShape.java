package hvsim.benchmarks;

import hvsim.cpu.OpStream;
import hvsim.ept.WalkSpec;
import hvsim.tlb.TlbSpec;
import hvsim.vmm.MachineSpec;
import java.util.ArrayList;
import java.util.List;

/** Ways to walk, with the options of {@code reftlb} for the same. */
public enum WalkShape {
    NATIVE(false, false, 0),
    NATIVE_CACHES(false, true, 0),
    NESTED(true, false, 0),
    NESTED_CACHES(true, true, 0),
    NESTED_CACHES_TLB(true, true, 32);

    private final boolean nested;
    private final boolean structureCaches;
    private final int nestedTlb;

    WalkShape(boolean nested, boolean structureCaches, int nestedTlb) {
        this.nested = nested;
        this.structureCaches = structureCaches;
        this.nestedTlb = nestedTlb;
    }

    /** A machine that runs the program, its pages backed beforehand. */
    MachineSpec machine(TlbSpec tlb, OpStream program) {
        WalkSpec walk = Shapes.walk(structureCaches, nestedTlb);
        return nested ? Shapes.nested(tlb, walk, true, program) : Shapes.bare(tlb, walk, program);
    }

    List<String> options() {
        List<String> options = new ArrayList<>(List.of("-m", nested ? "nested" : "native"));
        if (structureCaches) {
            options.add("-p");
        }
        if (nestedTlb > 0) {
            options.addAll(List.of("-n", Integer.toString(nestedTlb)));
        }
        return options;
    }
}

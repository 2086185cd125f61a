package hvsim.vmm.kernel;

import hvsim.cpu.state.Registers;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.MemoryTechnique;

/**
 * The processes of a guest and their children: process p of n has at most one child at a time, with number n + p.
 * A process keeps its number, and with it its PCID, for good, so their number is bounded; what a virtual processor's
 * TLB may still have of an earlier owner or an earlier state of the tables is told by generations:
 *
 * <pre>
 *   address space  generation g: g changes made translations wrong
 *   virtual CPU    seen s: it has dropped what changes 1 to s made wrong;  s != g: load CR3 without bit 63
 * </pre>
 *
 * As Linux's {@code tlb_gen}; Intel SDM vol. 3 (325384-059US), 4.10.4.1 for bit 63.
 */
final class Processes {
    private final int count;
    private final boolean pcid;
    private final AddressSpace[] spaces;
    private final int[] current;
    private final long[] seen;

    Processes(
            KernelSpec spec,
            MemoryTechnique memory,
            GuestFrames frames,
            KernelTables tables,
            SpaceLayout layout,
            int vcpus) {
        count = spec.processes();
        pcid = spec.pcid();
        spaces = new AddressSpace[2 * count];
        for (int i = 0; i < spaces.length; i++) {
            spaces[i] = new AddressSpace(memory, frames, tables, layout, vcpus);
        }
        current = new int[vcpus];
        seen = new long[vcpus * spaces.length];
    }

    /** How many there are, children apart. */
    int count() {
        return count;
    }

    /** How many there can be, children among them. */
    int most() {
        return spaces.length;
    }

    int child(int process) {
        return count + process;
    }

    boolean isChild(int process) {
        return process >= count;
    }

    AddressSpace space(int process) {
        return spaces[process];
    }

    int current(int vcpu) {
        return current[vcpu];
    }

    AddressSpace currentSpace(int vcpu) {
        return spaces[current[vcpu]];
    }

    /** What CR3 is to hold for a process. */
    long cr3(int process) {
        return spaces[process].root() | (pcid ? process + 1 : 0);
    }

    /** The process runs from now on; returns what to move to CR3. */
    long enter(int vcpu, int process) {
        boolean keep = pcid && isUpToDate(vcpu, process);
        current[vcpu] = process;
        hasSeen(vcpu, process, spaces[process].generation());
        return cr3(process) | (keep ? Registers.CR3_KEEP : 0);
    }

    boolean isUpToDate(int vcpu, int process) {
        return seen(vcpu, process) == spaces[process].generation();
    }

    /** The last change that a virtual processor has heard of. */
    long seen(int vcpu, int process) {
        return seen[vcpu * spaces.length + process];
    }

    void hasSeen(int vcpu, int process, long generation) {
        seen[vcpu * spaces.length + process] = generation;
    }

    void transfer(Snapshot snapshot) {
        for (AddressSpace space : spaces) {
            space.transfer(snapshot);
        }
        snapshot.transfer(current);
        snapshot.transfer(seen);
    }
}

package hvsim.cpu;

import hvsim.cpu.instruction.Instruction;
import hvsim.tlb.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** How often a guest has read registers of its hypervisor's, by instructions that every privilege level may execute. */
public final class HostStateReads {
    private static final List<Instruction> READERS =
            List.of(Instruction.SGDT, Instruction.SIDT, Instruction.SLDT, Instruction.STR, Instruction.SMSW);

    private final long[] counts = new long[READERS.size()];

    HostStateReads() {}

    /** The instruction was executed on registers that are not the guest's. */
    void add(Instruction instruction) {
        int reader = READERS.indexOf(instruction);
        if (reader >= 0) {
            counts[reader]++;
        }
    }

    public boolean isEmpty() {
        return total() == 0;
    }

    /** Of all instructions. */
    public long total() {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    /** Those that did. */
    public List<Instruction> instructions() {
        List<Instruction> all = new ArrayList<>(READERS);
        all.removeIf(instruction -> counts[READERS.indexOf(instruction)] == 0);
        return all;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(counts);
    }
}

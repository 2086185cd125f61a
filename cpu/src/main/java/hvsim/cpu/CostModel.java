package hvsim.cpu;

import hvsim.cpu.instruction.Instruction;
import java.util.Map;

/**
 * What the hardware takes, in cycles.
 *
 * @param vmExit a transition to root mode
 * @param vmEntry a transition to non-root mode
 * @param pageFault delivery of an exception to a guest's kernel, and the return from it
 * @param trap passage of an event from a deprivileged guest to the hypervisor at CPL 0
 * @param trapReturn the return from it: IRET
 * @param walkReference reading one table entry on a walk
 * @param interprocessorInterrupt from the write to the interrupt command register to the arrival at another core; at
 *     least 1
 * @param instructions execution of an instruction where it does not exit; missing ones take one cycle
 */
public record CostModel(
        int vmExit,
        int vmEntry,
        int pageFault,
        int trap,
        int trapReturn,
        int walkReference,
        int interprocessorInterrupt,
        Map<Instruction, Integer> instructions) {
    public CostModel {
        instructions = Map.copyOf(instructions);
        if (vmExit < 0 || vmEntry < 0 || pageFault < 0 || walkReference < 0 || trap < 0 || trapReturn < 0) {
            throw new IllegalArgumentException("a cost is negative");
        }
        if (interprocessorInterrupt < 1) {
            throw new IllegalArgumentException("an interprocessor interrupt takes no cycle");
        }
    }

    /** A delivery is a trap, and its return: two thirds of both together, and one (assumed). */
    public CostModel(
            int vmExit,
            int vmEntry,
            int pageFault,
            int walkReference,
            int interprocessorInterrupt,
            Map<Instruction, Integer> instructions) {
        this(
                vmExit,
                vmEntry,
                pageFault,
                pageFault - pageFault / 3,
                pageFault / 3,
                walkReference,
                interprocessorInterrupt,
                instructions);
    }

    int of(Instruction instruction) {
        return instructions.getOrDefault(instruction, 1);
    }

    /** By {@link Instruction#ordinal()}. */
    int[] byInstruction() {
        int[] cycles = new int[Instruction.values().length];
        for (Instruction i : Instruction.values()) {
            cycles[i.ordinal()] = of(i);
        }
        return cycles;
    }
}

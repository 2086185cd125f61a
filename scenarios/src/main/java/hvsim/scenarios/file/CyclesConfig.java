package hvsim.scenarios.file;

import hvsim.cpu.instruction.Instruction;
import java.util.Map;

/**
 * {@code machine.cycles}: what the hardware charges.
 *
 * @param ipi from the command to the arrival of an interprocessor interrupt
 * @param instructions native cost; every instruction that a guest can name has one
 */
public record CyclesConfig(
        int vmExit,
        int vmEntry,
        int pageFault,
        int vmread,
        int vmwrite,
        int invept,
        int ipi,
        Map<Instruction, Integer> instructions) {}

package hvsim.scenarios.file;

import hvsim.cpu.instruction.Instruction;
import java.util.Map;

/**
 * {@code machine.cycles}: what the hardware charges.
 *
 * @param trap of a deprivileged guest, to the hypervisor at CPL 0
 * @param trapReturn the return from it
 * @param tlbMiss where software fills the TLB: to the handler of a miss, its few instructions, and back
 * @param ipi from the command to the arrival of an interprocessor interrupt
 * @param memory latency of what no cache serves
 * @param memoryRemote the same where another socket has the memory
 * @param instructions native cost; every instruction that a guest can name has one
 */
public record CyclesConfig(
        int vmExit,
        int vmEntry,
        int pageFault,
        int trap,
        int trapReturn,
        int tlbMiss,
        int vmread,
        int vmwrite,
        int invept,
        int ipi,
        int memory,
        int memoryRemote,
        Map<Instruction, Integer> instructions) {}

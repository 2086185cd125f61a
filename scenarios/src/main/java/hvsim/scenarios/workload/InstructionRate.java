package hvsim.scenarios.workload;

import hvsim.cpu.instruction.Instruction;
import java.util.OptionalLong;

/**
 * An instruction that a program executes now and then.
 *
 * @param cpl 0 in guest kernel mode, 3 in user mode
 * @param operand the port, MSR, value or address. Empty: port 0x71 (the data port of the real-time clock),
 *     MSR 0x6e0 (IA32_TSC_DEADLINE), the address of the reference before for INVLPG, and 0 for a move to a control
 *     register, which the guest's kernel reads as "the value that is there already"
 * @param count how many
 * @param perOperations in how many operations; 0 for in the whole run
 */
public record InstructionRate(Instruction instruction, int cpl, OptionalLong operand, long count, long perOperations) {
    public InstructionRate {
        if (count < 0 || perOperations < 0) {
            throw new IllegalArgumentException("no rate: " + count + " in " + perOperations);
        }
    }
}

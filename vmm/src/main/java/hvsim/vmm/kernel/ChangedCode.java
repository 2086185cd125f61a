package hvsim.vmm.kernel;

import hvsim.cpu.GuestOp;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Sensitivity;
import hvsim.vmm.memory.direct.DirectLayout;

/**
 * How a kernel is changed before it runs: what there is in the place of each instruction that it executes with privilege.
 *
 * <pre>
 *   a call         what the hypervisor has to do or to know: CR3, INVLPG, HLT, the timer, interrupts for others
 *   in place       what the kernel knows itself, or shares with the hypervisor: CLI and STI are a mask in memory, CR0
 *                  and CR3 what it wrote there, SGDT, SMSW, PUSHF and their like what they would say at CPL 0
 *   as it is       all else: it executes as well without privilege, or faults, and the hypervisor does it (IN, RDMSR)
 * </pre>
 *
 * As paravirt_ops of Linux (arch/x86/xen/enlighten_pv.c).
 */
final class ChangedCode {
    private final DirectLayout layout;

    /** @param layout of the kernel's tables, which says where it runs */
    ChangedCode(DirectLayout layout) {
        this.layout = layout;
    }

    /** The word of an operation as the changed kernel has it; its length is the same. */
    long changed(long word) {
        if (GuestOp.kind(word) != GuestOp.INSTRUCTION || GuestOp.cpl(word) != 0) {
            return word;
        }
        Instruction instruction = Instruction.byNumber(GuestOp.number(word));
        if (isCall(instruction, GuestOp.operand(word))) {
            return GuestOp.call(word);
        }
        return isKnown(instruction) ? GuestOp.inPlace(word) : word;
    }

    /** A kernel with a privilege of its own executes IRET, after it has restored the mask in memory. */
    private boolean isCall(Instruction instruction, int operand) {
        boolean returnsByItself = instruction == Instruction.IRET && !layout.hasUserRoots();
        return !returnsByItself && Hypercall.inPlaceOf(instruction, operand).isPresent();
    }

    private static boolean isKnown(Instruction instruction) {
        return switch (instruction) {
            case CLI, STI, MOV_FROM_CR0, MOV_FROM_CR2, MOV_FROM_CR3, MOV_FROM_CR4, MOV_TO_CR2, SWAPGS -> true;
            case INT_N -> false;
            default -> instruction.sensitivity() != Sensitivity.NOT_LISTED;
        };
    }
}

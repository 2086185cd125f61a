package hvsim.vmm.cpu.translation;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Privilege;
import hvsim.cpu.instruction.Sensitivity;
import hvsim.vmm.memory.shadow.TableWrite;

/** What translated code has in the place of an instruction, or of a write to a table. */
public enum Treatment {
    /** The same: it shows nothing of the hypervisor, and does nothing to it. */
    IDENTICAL,
    /** A few operations on what the hypervisor keeps in its own memory. */
    IN_LINE,
    /** A way out to the hypervisor. */
    CALL_OUT;

    /** Registers with which operations are done are saved before, and given back (assumed). */
    private static final int SPILL = 4;

    /** Flags are saved and given back: PUSHF, POPF (assumed, as a Pentium 4 takes for them). */
    private static final int SAVED_FLAGS = 60;

    /** A port's device model, where it needs nothing of the host (assumed). */
    private static final int PORT = 120;

    /** @param leavesPorts whether others have the devices behind ports */
    public static Treatment of(Instruction instruction, boolean leavesPorts) {
        if (leavesPorts && instruction.privilege() == Privilege.IO_PERMISSION) {
            return CALL_OUT;
        }
        if (operations(instruction) > 0) {
            return IN_LINE;
        }
        return isInnocuous(instruction) ? IDENTICAL : CALL_OUT;
    }

    /** Whether it does at CPL 1 what it does at CPL 0, or faults, and the fault can be told from the guest's. */
    private static boolean isInnocuous(Instruction instruction) {
        boolean isVirtualized = instruction == Instruction.CPUID
                || instruction == Instruction.SYSCALL
                || instruction == Instruction.SYSENTER;
        return instruction.privilege() == Privilege.ANY
                && instruction.sensitivity() == Sensitivity.NOT_LISTED
                && !isVirtualized;
    }

    /** Of a write in a block that looks where its writes go. */
    public static Treatment of(TableWrite write) {
        return switch (write) {
            case NONE -> IDENTICAL;
            case EMPTIES, KEEPS_PAGE -> IN_LINE;
            case CHANGES_MORE -> CALL_OUT;
        };
    }

    /**
     * Operations that stand for a write whose shadow follows in line, of a cycle each (assumed).
     *
     * @param lookUpCycles to find something in a table by its address
     */
    public static int operations(TableWrite write, int lookUpCycles) {
        return switch (write) {
            case NONE, CHANGES_MORE -> 0;
            case EMPTIES -> SPILL + 4; // finds the shadow's entry, and clears it
            case KEEPS_PAGE ->
                SPILL + 4 + SAVED_FLAGS + 12 + 2 * lookUpCycles; // the page's frame; is it a table; rights
        };
    }

    /** Operations that stand for an instruction that is emulated in line, of a cycle each (assumed); 0 if it is not. */
    public static int operations(Instruction instruction) {
        return switch (instruction) {
            case CLI -> 2;
            case STI -> 4; // looks whether an interrupt waits
            case PUSHF, PUSHFD, PUSHFQ -> SPILL + 6;
            case POPF, POPFD, POPFQ -> SPILL + 12;
            case SMSW, SGDT, SIDT, SLDT, STR -> SPILL;
            case PUSH_SREG, MOV_FROM_SREG -> SPILL;
            case POP_SREG, MOV_TO_SREG, VERR, VERW, LAR, LSL -> SPILL + 20;
            case MOV_FROM_CR0, MOV_FROM_CR2, MOV_FROM_CR3, MOV_FROM_CR4, MOV_TO_CR2, MOV_FROM_DR -> SPILL;
            case MOV_FROM_CR8 -> SPILL;
            case MOV_TO_CR8 -> SPILL + 26; // looks whether an interrupt waits
            case SWAPGS -> SPILL + 6;
            case RDTSC, RDTSCP -> SPILL + SAVED_FLAGS + 8; // adds an offset of 64 bits
            case RDPMC -> SPILL;
            case IN, OUT -> SPILL + SAVED_FLAGS + PORT;
            default -> 0;
        };
    }

    /** Whether the instruction is among its operations, for what the guest sees is made from the machine's own clock. */
    public static boolean readsClock(Instruction instruction) {
        return instruction == Instruction.RDTSC || instruction == Instruction.RDTSCP;
    }
}

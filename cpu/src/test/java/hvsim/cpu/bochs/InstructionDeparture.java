package hvsim.cpu.bochs;

import hvsim.cpu.instruction.Decision;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Rule;
import hvsim.cpu.state.Registers;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Where instructions on Bochs 2.7 come out otherwise than the model's, and why. The manual is Intel SDM vol. 2 and 3
 * (325383-059US, 325384-059US).
 */
enum InstructionDeparture {
    MEMORY_OPERAND(
            "vol. 3, 25.1.1: a fault of a memory operand comes after the exits that do not look at it; what the model"
                    + " decides ends before the operand is accessed",
            c -> c.isRecordedFault("e", "d", "11")
                    && !c.code.memory.isNone()
                    && hasBadMemory(c)
                    && (c.isModelled(Decision.Kind.EXECUTES)
                            || Numbers.LOOK_AT_MEMORY_FIRST.contains(c.instruction()))),
    CONTENT_OF_MEMORY(
            "vol. 2, XRSTORS: the header of the area has reserved bits; the model has no content of memory",
            c -> c.instruction() == Instruction.XRSTORS
                    && c.isRecordedFault("d")
                    && c.isModelled(Decision.Kind.EXECUTES)),
    PRIVILEGE_AFTER_EXIT(
            "vol. 3, 25.1.1: faults by privilege come before the exit; Bochs exits for INVPCID and XSETBV at CPL 3",
            c -> c.cpl == 3
                    && EnumSet.of(Instruction.INVPCID, Instruction.XSETBV).contains(c.instruction())
                    && c.isRecordedExit("3a", "37")
                    && c.decision().rule() == Rule.NEEDS_CPL_0),
    STATE_INSTRUCTIONS_OUT_OF_ORDER(
            "vol. 3, 25.3: without \"enable XSAVES/XRSTORS\" they are #UD, before any other fault; 25.1.1: privilege"
                    + " comes before CR0.TS. Bochs looks at CR0.TS first, then at privilege, then at the control",
            c -> EnumSet.of(Instruction.XSAVES, Instruction.XRSTORS).contains(c.instruction())
                    && (c.isRecordedFault("7") && hasTaskSwitched(c) || c.isRecordedFault("d") && c.cpl == 3)
                    && (c.decision().rule() == Rule.NEEDS_A_CONTROL
                            || c.decision().rule() == Rule.NEEDS_CPL_0)),
    NO_ENCLAVES(
            "vol. 3, 39.5: ENCLS is #UD where CPUID.07H:EBX.SGX is 0, as on the recorded processor",
            c -> c.instruction() == Instruction.ENCLS && c.isRecordedFault("6")),
    NO_RDPID(
            "vol. 2, RDPID: #UD where CPUID.07H:ECX.RDPID is 0, as on the recorded Skylake",
            c -> c.instruction() == Instruction.RDPID
                    && c.isRecordedFault("6")
                    && (c.recording.cpuid7Ecx() >>> 22 & 1) == 0),
    CR4_BIT_NOT_IMPLEMENTED(
            "vol. 3, 23.8: bits of CR4 that IA32_VMX_CR4_FIXED1 has as 0 cannot be set",
            c -> c.instruction() == Instruction.MOV_TO_CR4
                    && c.isRecordedFault("d")
                    && c.isModelled(Decision.Kind.EXECUTES)
                    && (c.rax() & ~c.inputs.control4Mask() & ~c.recording.msr(0x489)) != 0),
    CR3_WIDTH(
            "vol. 3, 4.5: bits of CR3 above the physical-address width are reserved; 40 bits on the recorded processor",
            c -> c.instruction() == Instruction.MOV_TO_CR3
                    && c.isRecordedFault("d")
                    && c.isModelled(Decision.Kind.EXECUTES)
                    && (c.rax() & 0x000F_FFFF_FFFF_F000L) >>> c.recording.physicalAddressBits() != 0),
    MSR_NOT_THERE(
            "vol. 2, RDMSR: #GP of a number that is no MSR; which there are is for the processor to say",
            c -> EnumSet.of(Instruction.RDMSR, Instruction.WRMSR).contains(c.instruction())
                    && c.isRecordedFault("d")
                    && c.isModelled(Decision.Kind.EXECUTES)
                    && Numbers.NO_MSRS.contains(c.rcx())),
    SEGMENT_NOT_PRESENT(
            "vol. 2, POP: #NP of a segment that is not present; the model's descriptors are there or unsuitable",
            c -> EnumSet.of(Instruction.POP_SREG, Instruction.MOV_TO_SREG).contains(c.instruction())
                    && c.isRecordedFault("b")
                    && c.decision().rule() == Rule.BAD_DESCRIPTOR),
    TSC_AUX_HIGH_HALF(
            "vol. 2, WRMSR: #GP of reserved bits, which bits 63:32 of IA32_TSC_AUX are; Bochs takes them",
            c -> c.instruction() == Instruction.WRMSR
                    && c.rcx() == 0xC000_0103L
                    && c.outcome().equals("executes")
                    && c.pair() >>> 32 != 0),
    UNDEFINED_BIT_OF_REGISTER_FORM(
            "vol. 3, table 27-12: bits 10:7 are undefined for RDRAND and RDSEED; Bochs sets bit 10",
            c -> c.isRecordedExit("39", "3d") && c.outcome().equals(c.modelled(-1, 1 << 10))),
    SIZE_OF_REGISTER(
            "vol. 3, table 27-12: bits 12:11 tell the operand's size; the model has the form with 64 bits",
            c -> c.isRecordedExit("39", "3d") && c.outcome().equals(c.modelled(~(3L << 11), 1 << 11 | 1 << 10))),
    SEGMENT_OF_INS(
            "vol. 3, table 27-8: bits 17:15 are undefined for INS; Bochs tells DS",
            c -> c.instruction() == Instruction.INS
                    && c.isRecordedExit("1e")
                    && c.outcome().equals(c.modelled(-1, 3 << 15)));

    private static final long NOWHERE = 0x1E000;
    private static final int ALIGNMENT_CHECK = 0x11;

    private final String why;
    private final Predicate<InstructionCase> applies;

    InstructionDeparture(String why, Predicate<InstructionCase> applies) {
        this.why = why;
        this.applies = applies;
    }

    boolean explains(InstructionCase instruction) {
        return applies.test(instruction);
    }

    @Override
    public String toString() {
        return name() + ": SDM " + why;
    }

    /** Not mapped, not canonical, or not aligned where that is checked. */
    private static boolean hasBadMemory(InstructionCase c) {
        boolean unmapped = c.address() >>> 12 == NOWHERE >>> 12;
        boolean canonical = c.address() << 16 >> 16 == c.address();
        boolean checksAlignment = c.cpl == 3
                && (c.processor.registers().cr0 & Registers.CR0_AM) != 0
                && (c.processor.registers().rflags & Registers.RFLAGS_AC) != 0;
        return c.isRecordedFault(Integer.toHexString(ALIGNMENT_CHECK)) ? checksAlignment : unmapped || !canonical;
    }

    private static boolean hasTaskSwitched(InstructionCase c) {
        return (c.processor.registers().cr0 & Registers.CR0_TS) != 0;
    }

    /** What the predicates look for. */
    private static final class Numbers {
        /** What they do depends on their operand, so that its faults come before all that does. */
        static final Set<Instruction> LOOK_AT_MEMORY_FIRST =
                EnumSet.of(Instruction.LMSW, Instruction.LLDT, Instruction.LTR);

        /** Of those that the image asks for. */
        static final Set<Long> NO_MSRS = Set.of(0x808L, 0x80AL, 0x8FFL, 0x1FFFL, 0xC000_1FFFL);
    }
}

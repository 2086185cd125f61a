package hvsim.cpu.instruction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.instruction.Decision.Kind;
import hvsim.cpu.instruction.Processor.Mode;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every instruction by random settings of mode, privilege, registers, controls and operands, against the oracle. */
class InstructionLawTest {
    private static final int SETTINGS = 1_000;
    private static final int SETTINGS_OF_THE_LONG_RUN = 20_000;

    /** Defined in every mode and allowed to all, with no operand to get wrong. */
    private static final Set<Instruction> NEVER_FAULT = EnumSet.of(
            Instruction.CPUID,
            Instruction.PAUSE,
            Instruction.RDRAND,
            Instruction.RDSEED,
            Instruction.PUSH_SREG,
            Instruction.MOV_FROM_SREG);

    /** What raises an exception has no other effect. */
    private static final Set<Instruction> NEVER_EXECUTE =
            EnumSet.of(Instruction.UD2, Instruction.RSM, Instruction.INT1, Instruction.INT3);

    /** The rows of the facts that say "never". */
    private static final Set<Instruction> NEVER_EXIT = EnumSet.of(
            Instruction.SMSW,
            Instruction.MOV_FROM_CR0,
            Instruction.MOV_FROM_CR4,
            Instruction.MOV_FROM_CR2,
            Instruction.MOV_TO_CR2,
            Instruction.UMONITOR,
            Instruction.PUSHF,
            Instruction.PUSHFD,
            Instruction.PUSHFQ,
            Instruction.POPF,
            Instruction.POPFD,
            Instruction.POPFQ,
            Instruction.CLI,
            Instruction.STI,
            Instruction.RDPID,
            Instruction.RSM,
            Instruction.SYSCALL,
            Instruction.SYSRET,
            Instruction.SYSENTER,
            Instruction.SYSEXIT,
            Instruction.SWAPGS,
            Instruction.XGETBV,
            Instruction.XSAVE,
            Instruction.XRSTOR,
            Instruction.VERR,
            Instruction.VERW,
            Instruction.LAR,
            Instruction.LSL,
            Instruction.RET_FAR,
            Instruction.PUSH_SREG,
            Instruction.POP_SREG,
            Instruction.MOV_TO_SREG,
            Instruction.MOV_FROM_SREG,
            Instruction.RDPKRU,
            Instruction.WRPKRU);

    private static final Set<Instruction> DESCRIPTORS_ARE_CHECKED = EnumSet.of(
            Instruction.CALL_FAR,
            Instruction.JMP_FAR,
            Instruction.RET_FAR,
            Instruction.INT_N,
            Instruction.POP_SREG,
            Instruction.MOV_TO_SREG);

    @ParameterizedTest
    @EnumSource
    void anInstructionDoesWhatTheOracleSays(Instruction instruction) {
        compare(instruction, SETTINGS, 1);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void anInstructionDoesWhatTheOracleSaysInManySettings(Instruction instruction) {
        compare(instruction, SETTINGS_OF_THE_LONG_RUN, 2);
    }

    private static void compare(Instruction instruction, int settings, long seed) {
        SplittableRandom random = new SplittableRandom(1000 * seed + instruction.ordinal());
        RandomSettings processors = new RandomSettings(random);
        RandomOperations operations = new RandomOperations(random);
        Set<Kind> met = EnumSet.noneOf(Kind.class);
        for (int n = 0; n < settings; n++) {
            Processor p = processors.next(instruction);
            Operation o = operations.next(instruction, p);
            String expected = NaiveInstructions.outcome(o, p);
            Decision decision = InstructionRules.decide(o, p);
            String setting = "setting " + n + ": ";
            assertEquals(
                    expected, NaiveInstructions.text(decision, instruction), () -> setting + describe(o, p, decision));
            assertEquals(decision, InstructionRules.decide(o, p), "decided twice");
            if (p.mode() != Mode.NON_ROOT) {
                assertNotEquals(Kind.EXITS, decision.kind(), () -> setting + describe(o, p, decision));
            }
            met.add(decision.kind());
        }
        assertEquals(possible(instruction), met);
    }

    /** Robin and Irvine's list: in protected mode without UMIP nothing stops them at any privilege level. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "SGDT",
                "SIDT",
                "SLDT",
                "SMSW",
                "PUSHF",
                "POPF",
                "LAR",
                "LSL",
                "VERR",
                "VERW",
                "POP_SREG",
                "PUSH_SREG",
                "CALL_FAR",
                "JMP_FAR",
                "INT_N",
                "RET_FAR",
                "STR",
                "MOV_TO_SREG",
                "MOV_FROM_SREG"
            })
    void aListedInstructionIsNotTrappedByPrivilege(Instruction instruction) {
        SplittableRandom random = new SplittableRandom(3000 + instruction.ordinal());
        RandomSettings processors = new RandomSettings(random);
        RandomOperations operations = new RandomOperations(random);
        int different = 0;
        for (int n = 0; n < SETTINGS; n++) {
            Processor p = processors.next(instruction);
            Operation drawn = operations.next(instruction, p);
            Operation o = Operation.of(instruction, drawn.operand(), drawn.value());
            p.registers().cr4 &= ~Registers.CR4_UMIP;
            if (!p.registers().isProtectedMode() || p.registers().isVirtual8086()) {
                continue;
            }
            Decision decision = InstructionRules.decide(o, p);
            different += decision.isSilentlyDifferent() ? 1 : 0;
            assertTrue(mayBe(decision, instruction, p), () -> describe(o, p, decision));
        }
        assertTrue(different > 0, "never silently different");
    }

    /** Executes; or exits by descriptor-table exiting or at a task switch; or its descriptor is refused. */
    private static boolean mayBe(Decision decision, Instruction instruction, Processor p) {
        return switch (decision.kind()) {
            case EXECUTES -> !decision.isSilentlyDifferent() || p.cpl() > 0;
            case FAULTS -> DESCRIPTORS_ARE_CHECKED.contains(instruction);
            case EXITS ->
                switch (decision.reason()) {
                    case GDTR_IDTR, LDTR_TR -> p.vmcs().has(VmxControl.DESCRIPTOR_TABLE_EXITING);
                    case TASK_SWITCH -> !p.registers().isLongMode();
                    default -> false;
                };
        };
    }

    private static Set<Kind> possible(Instruction instruction) {
        Set<Kind> kinds = EnumSet.allOf(Kind.class);
        if (NEVER_EXECUTE.contains(instruction)) {
            kinds.remove(Kind.EXECUTES);
        }
        if (NEVER_FAULT.contains(instruction)) {
            kinds.remove(Kind.FAULTS);
        }
        if (NEVER_EXIT.contains(instruction)) {
            kinds.remove(Kind.EXITS);
        }
        return kinds;
    }

    /** The whole setting, for whoever has to find out who is right. */
    private static String describe(Operation o, Processor p, Decision decision) {
        StringBuilder text = new StringBuilder();
        text.append(o).append('\n').append(p.mode()).append(" at CPL ").append(p.cpl());
        text.append(p.registers().is64BitMode() ? ", 64-bit" : "");
        text.append(", CR0 ").append(Long.toHexString(p.registers().cr0));
        text.append(", CR3 ").append(Long.toHexString(p.registers().cr3));
        text.append(", CR4 ").append(Long.toHexString(p.registers().cr4));
        text.append(", EFER ").append(Long.toHexString(p.registers().efer));
        text.append(", RFLAGS ").append(Long.toHexString(p.registers().rflags));
        text.append(", DR7 ").append(Long.toHexString(p.registers().dr7)).append('\n');
        for (int msr : new int[] {0x3A, 0x174, 0xDA0}) {
            text.append("MSR ").append(Integer.toHexString(msr)).append(' ');
            text.append(Long.toHexString(p.msrs().read(msr))).append(", ");
        }
        for (VmcsField field : VmcsField.values()) {
            if (p.vmcs().read(field) != 0) {
                text.append('\n')
                        .append(field)
                        .append(' ')
                        .append(Long.toHexString(p.vmcs().read(field)));
            }
        }
        return text.append("\nthe model's rule: ")
                .append(decision.rule())
                .append('\n')
                .toString();
    }
}

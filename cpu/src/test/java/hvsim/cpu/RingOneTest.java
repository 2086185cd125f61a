package hvsim.cpu;

import static hvsim.cpu.DeprivilegedCore.GVA;
import static hvsim.cpu.DeprivilegedCore.HOST;
import static hvsim.cpu.DeprivilegedCore.SUPERVISOR_GVA;
import static hvsim.cpu.DeprivilegedCore.goBack;
import static hvsim.cpu.DeprivilegedCore.observed;
import static hvsim.cpu.DeprivilegedCore.trapOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A guest whose kernel is at CPL 1, behind a segment limit. */
class RingOneTest {
    private static final GuestRing BELOW_2_GIB = GuestRing.behind((1L << 31) - 1);
    private static final long READ_SUPERVISOR = GuestOp.memory(GuestOp.READ, SUPERVISOR_GVA, 8);

    private static Core ringOne(long... program) {
        return DeprivilegedCore.of(BELOW_2_GIB, false, program);
    }

    private static Core behind(long limit, long... program) {
        return DeprivilegedCore.of(GuestRing.behind(limit), false, program);
    }

    private static Core at(Instruction instruction) {
        return ringOne(GuestOp.instruction(instruction, 0, 0));
    }

    private static Core inKernel(Core core, long word) {
        core.vcpu().pushKernelProgram().add(word);
        trapOf(core);
        assertNull(core.deprivileging().emulate());
        return core;
    }

    @Test
    void kernelAndUserShareTablesAndTheUserIsKeptOut() {
        Core kernel = inKernel(ringOne(), READ_SUPERVISOR);
        assertEquals(RunOutcome.PROGRAM_END, goBack(kernel));
        assertEquals(TrapReason.TRAP_PF, trapOf(ringOne(READ_SUPERVISOR)).reason());
    }

    @Test
    void whatTheKernelsSegmentsDoNotReachIsAProtectionFault() {
        Core core = inKernel(behind(SUPERVISOR_GVA - 1), READ_SUPERVISOR);
        Trap trap = trapOf(core);
        assertEquals(TrapReason.TRAP_GP, trap.reason());
        assertNull(trap.operation());
        assertEquals(ExceptionVector.GENERAL_PROTECTION.number(), trap.cause().vector());
        assertEquals(0, core.counts().walks().translated(), "nothing was looked up");
    }

    @Test
    void whatTheHypervisorHasJustTouchedIsNoMoreWithinReach() {
        Core core = inKernel(behind(SUPERVISOR_GVA - 1), READ_SUPERVISOR);
        core.transitions().hostProgram().add(READ_SUPERVISOR).add(GuestOp.instruction(Instruction.IRET, 0, 0));
        assertEquals(RunOutcome.TRAP, core.run(Long.MAX_VALUE));
        assertEquals(TrapReason.TRAP_GP, core.deprivileging().trap().reason());
    }

    @Test
    void anAccessAcrossTheLimitIsStopped() {
        Core core = behind(SUPERVISOR_GVA - 1, GuestOp.memory(GuestOp.READ, SUPERVISOR_GVA - 4, 8));
        assertEquals(TrapReason.TRAP_GP, trapOf(core).reason());
        assertEquals(RunOutcome.PROGRAM_END, goBack(behind(SUPERVISOR_GVA - 1, GuestOp.memory(GuestOp.READ, GVA, 8))));
    }

    @Test
    void privilegedInstructionsTrap() {
        for (Instruction privileged : List.of(
                Instruction.HLT, Instruction.CLI, Instruction.MOV_FROM_CR0, Instruction.RDMSR, Instruction.SYSRET)) {
            assertEquals(TrapReason.TRAP_GP, trapOf(at(privileged)).reason(), privileged.mnemonic());
        }
    }

    @Test
    void sensitiveInstructionsReadTheHypervisorsRegistersAndTheRing() {
        assertEquals(HOST.gdtrBase(), observed(at(Instruction.SGDT)));
        assertEquals(HOST.trSelector(), observed(at(Instruction.STR)));
        assertEquals(HOST.cr0() & 0xFFFF, observed(at(Instruction.SMSW)));
        assertEquals(1, observed(at(Instruction.PUSH_SREG)) & 3);
        assertEquals(3, observed(ringOne(GuestOp.instruction(Instruction.PUSH_SREG, 3, 0))) & 3);
    }

    @Test
    void flagsOfInterruptsAreDroppedSilently() {
        Core core = ringOne(
                GuestOp.instructionWithValue(Instruction.POPFQ, 0, 0),
                Registers.RFLAGS_CF,
                GuestOp.instruction(Instruction.PUSHFQ, 0, 0));
        assertEquals(Registers.RFLAGS_IF | Registers.RFLAGS_CF | 2, observed(core));
    }

    @Test
    void withoutALimitTheHypervisorWouldBeWithinReach() {
        assertThrows(IllegalArgumentException.class, () -> GuestRing.behind(GuestRing.NO_LIMIT));
        assertThrows(IllegalArgumentException.class, () -> new GuestRing(2, 0, 0));
    }
}

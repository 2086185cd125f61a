package hvsim.cpu;

import static hvsim.cpu.DeprivilegedCore.READ;
import static hvsim.cpu.DeprivilegedCore.RETURN;
import static hvsim.cpu.DeprivilegedCore.SUPERVISOR_GVA;
import static hvsim.cpu.DeprivilegedCore.TRAP;
import static hvsim.cpu.DeprivilegedCore.goBack;
import static hvsim.cpu.DeprivilegedCore.trapOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import hvsim.cpu.event.Event;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InterruptOperand;
import hvsim.cpu.state.Registers;
import org.junit.jupiter.api.Test;

/** A kernel at CPL 1 that was changed for its hypervisor: its users have a gate to it, and it returns by itself. */
class ChangedKernelTest {
    private static final int VECTOR = 0x80;
    private static final long READ_SUPERVISOR = GuestOp.memory(GuestOp.READ, SUPERVISOR_GVA, 8);

    private static Core changed(long... program) {
        Core core = DeprivilegedCore.of(GuestRing.behind((1L << 31) - 1), false, program);
        core.deprivileging().offerCalls();
        core.deprivileging().openGate(VECTOR);
        return core;
    }

    private static long interrupt(int vector, int cpl) {
        return GuestOp.instruction(Instruction.INT_N, cpl, new InterruptOperand(vector, 3, false, 0).pack());
    }

    /** Its handler, which reads what users cannot, and then the program. */
    private static Core inHandler(Core core) {
        assertEquals(RunOutcome.EXCEPTION, goBack(core));
        core.vcpu().pushKernelProgram().add(READ_SUPERVISOR);
        return core;
    }

    @Test
    void theGateLeadsToTheKernelWithInterruptsAsTheyWere() {
        Core core = changed(interrupt(VECTOR, 3), READ);
        assertEquals(RunOutcome.EXCEPTION, goBack(core));
        assertEquals(0, core.vcpu().virtualCpl());
        assertEquals(Registers.RFLAGS_IF, core.vcpu().registers().rflags & Registers.RFLAGS_IF);
        assertEquals(TRAP, core.vcpu().cycles(CyclePart.GUEST_WORK));
    }

    @Test
    void itsHandlerReturnsToTheUserAndNobodyIsAsked() {
        Core core = inHandler(changed(interrupt(VECTOR, 3), READ));
        assertEquals(RunOutcome.PROGRAM_END, core.run(Long.MAX_VALUE));
        assertEquals(3, core.vcpu().virtualCpl());
        assertEquals(TRAP + RETURN + 2, core.vcpu().cycles(CyclePart.GUEST_WORK), "two references");
        assertEquals(1, core.vcpu().faults(VECTOR));
    }

    @Test
    void theUserIsAtItsOwnPrivilegeAgain() {
        Core core = inHandler(changed(interrupt(VECTOR, 3), READ_SUPERVISOR));
        assertEquals(RunOutcome.TRAP, core.run(Long.MAX_VALUE));
        assertEquals(TrapReason.TRAP_PF, core.deprivileging().trap().reason());
    }

    @Test
    void otherVectorsLeadToTheHypervisor() {
        assertEquals(
                TrapReason.SOFTWARE_INTERRUPT,
                trapOf(changed(interrupt(0x81, 3))).reason());
    }

    @Test
    void eventsThatWaitForAHandlersReturnAreCalledForThen() {
        Core core = changed(READ);
        core.vcpu().bounce(Event.interrupt(0x31));
        inHandler(core).vcpu().setEventsPending(true);
        assertEquals(0, core.vcpu().registers().rflags & Registers.RFLAGS_IF);
        assertEquals(RunOutcome.TRAP, core.run(Long.MAX_VALUE));
        assertEquals(TrapReason.HYPERCALL, core.deprivileging().trap().reason());
        assertNull(core.deprivileging().trap().operation());
        assertEquals(3, core.vcpu().virtualCpl());
    }

    @Test
    void aCallTakesAnInterrupt() {
        Core core = changed(GuestOp.call(GuestOp.instruction(Instruction.HLT, 0, 0)));
        assertEquals(TrapReason.HYPERCALL, trapOf(core).reason());
        assertEquals(RETURN + TRAP, core.vcpu().cycles(CyclePart.TRANSITIONS), "there from the start, and back");
    }

    @Test
    void theKernelIsEnteredAndLeftWithoutThatProgramsNameIt() {
        Core core = changed(READ);
        core.vcpu().pushKernelProgram().add(READ_SUPERVISOR);
        assertEquals(RunOutcome.PROGRAM_END, goBack(core));
        assertEquals(3, core.vcpu().virtualCpl());
    }
}

package hvsim.cpu;

import static hvsim.cpu.DeprivilegedCore.HOST;
import static hvsim.cpu.DeprivilegedCore.OTHER_ROOT;
import static hvsim.cpu.DeprivilegedCore.READ;
import static hvsim.cpu.DeprivilegedCore.RETURN;
import static hvsim.cpu.DeprivilegedCore.SUPERVISOR_GVA;
import static hvsim.cpu.DeprivilegedCore.TRAP;
import static hvsim.cpu.DeprivilegedCore.goBack;
import static hvsim.cpu.DeprivilegedCore.observed;
import static hvsim.cpu.DeprivilegedCore.trapOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.apic.InterruptMessage;
import hvsim.cpu.event.Event;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.PortOperand;
import hvsim.cpu.instruction.SelectorOperand;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A guest at CPL 3 under the registers of a hypervisor that does nothing but what a test tells it. */
class DeprivilegedTest {
    private static Core deprivileged(boolean fixed, long... program) {
        return DeprivilegedCore.of(GuestRing.WITH_USER, fixed, program);
    }

    private Trap trapAt(Instruction instruction, int cpl) {
        return trapOf(deprivileged(false, GuestOp.instruction(instruction, cpl, 0)));
    }

    @Test
    void privilegedInstructionsTrapWhateverTheGuestBelievesItsPrivilegeToBe() {
        for (Instruction privileged : List.of(
                Instruction.HLT,
                Instruction.CLI,
                Instruction.STI,
                Instruction.MOV_FROM_CR0,
                Instruction.RDMSR,
                Instruction.SWAPGS,
                Instruction.SYSRET,
                Instruction.RDTSC)) {
            for (int cpl = 0; cpl <= 3; cpl += 3) {
                Trap trap = trapAt(privileged, cpl);
                assertEquals(TrapReason.TRAP_GP, trap.reason(), privileged.mnemonic());
                assertEquals(privileged, assertNotNull0(trap.operation()).instruction());
            }
        }
        assertEquals(TrapReason.TRAP_UD, trapAt(Instruction.MONITOR, 0).reason());
        assertEquals(TrapReason.TRAP_BP, trapAt(Instruction.INT3, 0).reason());
    }

    private static <T> T assertNotNull0(T value) {
        assertNotNull(value);
        return value;
    }

    @Test
    void sensitiveInstructionsReadTheRegistersOfTheHypervisor() {
        assertEquals(HOST.gdtrBase(), observed(at(Instruction.SGDT)));
        assertEquals(HOST.idtrBase(), observed(at(Instruction.SIDT)));
        assertEquals(HOST.ldtrSelector(), observed(at(Instruction.SLDT)));
        assertEquals(HOST.trSelector(), observed(at(Instruction.STR)));
        assertEquals(HOST.cr0() & 0xFFFF, observed(at(Instruction.SMSW)));
        assertEquals(3, observed(at(Instruction.PUSH_SREG)) & 3);
        assertEquals(3, observed(at(Instruction.MOV_FROM_SREG)) & 3);
    }

    private Core at(Instruction instruction) {
        return deprivileged(false, GuestOp.instruction(instruction, 0, 0));
    }

    @Test
    void flagsThatTheGuestHasNotAreReadAndThoseItWritesAreDropped() {
        Core core = deprivileged(
                false,
                GuestOp.instructionWithValue(Instruction.POPFQ, 0, 0),
                Registers.RFLAGS_IOPL | Registers.RFLAGS_CF,
                GuestOp.instruction(Instruction.PUSHFQ, 0, 0));
        core.vcpu().registers().rflags &= ~Registers.RFLAGS_IF;
        assertEquals(Registers.RFLAGS_IF | Registers.RFLAGS_CF | 2, observed(core));
        assertEquals(0, core.vcpu().registers().rflags & (Registers.RFLAGS_IF | Registers.RFLAGS_IOPL));
    }

    @Test
    void descriptorsAreLookedAtWithTheRealPrivilege() {
        int kernelData = new SelectorOperand(0x10, 0, false, false, false, 3).pack();
        Core core = deprivileged(false, GuestOp.instruction(Instruction.LAR, 0, kernelData));
        assertEquals(0, observed(core), "a segment of DPL 0 is not accessible");
    }

    @Test
    void aFixedProcessorFaultsInsteadOfLying() {
        for (Instruction instruction : Instruction.values()) {
            if (instruction.isFixed() && instruction.takes(0)) {
                Core core = deprivileged(true, GuestOp.instruction(instruction, 0, 0));
                assertEquals(TrapReason.TRAP_GP, trapOf(core).reason(), instruction.mnemonic());
            }
        }
    }

    @Test
    void emulationGivesWhatAProcessorOfTheGuestsOwnWould() {
        Core core = at(Instruction.MOV_FROM_CR0);
        trapOf(core);
        assertNull(core.deprivileging().emulate());
        assertEquals(
                core.vcpu().registers().cr0, core.vcpu().observations().at(0).value());
        assertEquals(RunOutcome.PROGRAM_END, goBack(core));
    }

    @Test
    void aFaultOfTheGuestsOwnIsRaisedByTheEmulation() {
        Core core = deprivileged(false, GuestOp.instruction(Instruction.HLT, 3, 0));
        trapOf(core);
        Event raised = core.deprivileging().emulate();
        assertNotNull(raised);
        assertEquals(ExceptionVector.GENERAL_PROTECTION.number(), raised.vector());
        core.vcpu().bounce(raised);
        assertEquals(RunOutcome.EXCEPTION, goBack(core));
        assertEquals(0, core.vcpu().virtualCpl());
        assertEquals(0, core.vcpu().registers().rflags & Registers.RFLAGS_IF);
        assertTrue(core.request().isFault());
    }

    @Test
    void portsTrapThoughTheGuestsOwnTablesPermitThem() {
        int permitted = new PortOperand(0x80, 1, false, false, true).pack();
        Core core = deprivileged(false, GuestOp.instruction(Instruction.IN, 3, permitted));
        trapOf(core);
        assertNull(core.deprivileging().emulate());
        assertEquals(0xFF, core.vcpu().observations().at(0).value());
    }

    @Test
    void pagesOfTheHypervisorAreOutOfReach() {
        Core core = deprivileged(false, GuestOp.memory(GuestOp.READ, SUPERVISOR_GVA, 8));
        Trap trap = trapOf(core);
        assertEquals(TrapReason.TRAP_PF, trap.reason());
        assertEquals(SUPERVISOR_GVA, trap.cause().information());
        assertNull(trap.operation());
    }

    @Test
    void theGuestsKernelIsEnteredAndLeftThroughTheHypervisor() {
        Core core = deprivileged(false, READ, READ);
        core.vcpu().pushKernelProgram().add(READ);
        Trap entered = trapOf(core);
        assertEquals(TrapReason.SYSCALL, entered.reason());
        assertTrue(entered.isCrossing());
        assertNull(core.deprivileging().emulate());
        assertEquals(0, core.vcpu().virtualCpl());
        Trap left = trapOf(core);
        assertEquals(TrapReason.TRAP_GP, left.reason());
        assertNull(core.deprivileging().emulate());
        assertEquals(3, core.vcpu().virtualCpl());
        assertEquals(RunOutcome.PROGRAM_END, goBack(core));
    }

    @Test
    void aHandlerReturnsThroughTheHypervisorAndGivesTheFlagsBack() {
        Core core = deprivileged(false, READ);
        core.vcpu().bounce(Event.interrupt(0x31));
        assertEquals(RunOutcome.EXCEPTION, goBack(core));
        core.vcpu().pushKernelProgram().add(READ);
        assertEquals(RunOutcome.TRAP, core.run(Long.MAX_VALUE));
        assertEquals(
                Instruction.IRET,
                assertNotNull0(core.deprivileging().trap().operation()).instruction());
        core.deprivileging().emulate();
        assertEquals(Registers.RFLAGS_IF, core.vcpu().registers().rflags & Registers.RFLAGS_IF);
        assertEquals(3, core.vcpu().virtualCpl());
    }

    @Test
    void sysretOfAHostLeadsToItsProcessAndToNoGuest() {
        long sysret = GuestOp.instruction(Instruction.SYSRET, 0, 0);
        Core core = deprivileged(false, GuestOp.instruction(Instruction.CLI, 0, 0));
        core.transitions()
                .hostProgram()
                .clear()
                .add(GuestOp.passage(true))
                .add(sysret)
                .add(GuestOp.work(70))
                .add(GuestOp.passage(false))
                .add(sysret);
        assertEquals(RunOutcome.TRAP, core.run(Long.MAX_VALUE), "the hypervisor's own leads to the guest");
        assertEquals(70 + 1, core.vcpu().cycles(CyclePart.HOST));
    }

    @Test
    void interruptsTrapThoughTheGuestHoldsThemBack() {
        Core core = deprivileged(false, READ, READ);
        core.vcpu().registers().rflags &= ~Registers.RFLAGS_IF;
        core.events().messageAt(0, InterruptMessage.fixed(0x40));
        assertEquals(TrapReason.INTERRUPT, trapOf(core).reason());
        assertEquals(0x40, core.deprivileging().trap().cause().vector());
    }

    @Test
    void aTrapDropsNoTranslationsAndALoadOfCr3DropsThem() {
        Core core = deprivileged(false, READ, GuestOp.instruction(Instruction.CLI, 0, 0), READ, READ);
        trapOf(core);
        core.deprivileging().emulate();
        long walks = core.counts().walks().translated();
        assertEquals(RunOutcome.PROGRAM_END, goBack(core));
        assertEquals(walks, core.counts().walks().translated());
    }

    @Test
    void aLoadOfCr3WalksAnew() {
        Core core = deprivileged(false, READ, GuestOp.instruction(Instruction.CLI, 0, 0), READ, READ);
        trapOf(core);
        core.deprivileging().emulate();
        long walks = core.counts().walks().translated();
        long load = GuestOp.instructionWithValue(Instruction.MOV_TO_CR3, 0, 0);
        assertEquals(RunOutcome.PROGRAM_END, goBack(core, load, OTHER_ROOT));
        assertEquals(walks + 1, core.counts().walks().translated());
        assertEquals(OTHER_ROOT, core.deprivileging().root());
    }

    @Test
    void aTrapAndItsReturnTakeWhatTheHardwareTakes() {
        Core core = at(Instruction.CLI);
        trapOf(core);
        core.deprivileging().emulate();
        assertEquals(RunOutcome.PROGRAM_END, goBack(core));
        assertEquals(2 * RETURN + TRAP, core.vcpu().cycles(CyclePart.TRANSITIONS));
        assertEquals(1, core.vcpu().exits().samples(TrapReason.TRAP_GP));
        assertTrue(core.transitions().entriesAndExitsAgree());
        assertFalse(core.vcpu().isBouncing());
    }
}

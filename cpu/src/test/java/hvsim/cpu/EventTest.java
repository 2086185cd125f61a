package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import hvsim.cpu.apic.InterruptMessage;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.event.VectorSet;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InterruptOperand;
import hvsim.cpu.state.ActivityState;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import org.junit.jupiter.api.Test;

/** Events of a guest that runs: when they are taken, how they are delivered, and what an exit says of them. */
class EventTest {
    private static final long VALID = 1L << 31;
    private static final long NMI = VALID | 2 << 8 | 2;
    private static final long STI = GuestOp.instruction(Instruction.STI, 0, 0);
    private static final long CPUID = GuestOp.instruction(Instruction.CPUID, 0, 0);
    private static final long HLT = GuestOp.instruction(Instruction.HLT, 0, 0);
    private static final long READ = GuestOp.memory(GuestOp.READ, SmallGuest.GVA, 8);

    private static SmallGuest guest(long... program) {
        return new SmallGuest(program);
    }

    private static SmallGuest openGuest(long... program) {
        SmallGuest guest = new SmallGuest(program);
        guest.vcpu.vmcs().write(VmcsField.GUEST_RFLAGS, Registers.RFLAGS_IF | 2);
        return guest;
    }

    private static void exits(SmallGuest guest, ExitReason reason) {
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(reason.number(), guest.field(VmcsField.EXIT_REASON));
    }

    private static void inject(SmallGuest guest, long info, int errorCode, int lengthBytes) {
        guest.vcpu.vmcs().write(VmcsField.ENTRY_INTERRUPTION_INFO, VALID | info);
        guest.vcpu.vmcs().write(VmcsField.ENTRY_EXCEPTION_ERROR_CODE, errorCode);
        guest.vcpu.vmcs().write(VmcsField.ENTRY_INSTRUCTION_LENGTH, lengthBytes);
    }

    private static void giveTable(SmallGuest guest, long gva, int limit) {
        guest.vcpu.vmcs().write(VmcsField.GUEST_IDTR_BASE, gva);
        guest.vcpu.vmcs().write(VmcsField.GUEST_IDTR_LIMIT, limit);
    }

    @Test
    void anInterruptWaitsForTheInstructionAfterSti() {
        SmallGuest guest = guest(READ, STI, READ, READ);
        guest.core.events().raiseInterrupt(0x31);
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        assertEquals(0x31, guest.core.request().vector());
        assertEquals(3, guest.vcpu.operations());
        assertEquals(0, guest.vcpu.registers().rflags & Registers.RFLAGS_IF, "the gate masks interrupts");
    }

    @Test
    void anInterruptThatIsNotAcknowledgedStaysPending() {
        SmallGuest guest = guest(READ, READ);
        guest.vcpu.vmcs().set(VmxControl.EXTERNAL_INTERRUPT_EXITING, true);
        guest.core.events().raiseInterrupt(0x31);
        guest.core.events().raiseInterrupt(0x42);
        exits(guest, ExitReason.EXTERNAL_INTERRUPT);
        assertEquals(0, guest.field(VmcsField.EXIT_INTERRUPTION_INFO));
        exits(guest, ExitReason.EXTERNAL_INTERRUPT);
        assertEquals(0x42, guest.core.events().acknowledgeInterrupt());
        assertEquals(VectorSet.NONE, guest.core.events().acknowledgeInterrupt(), "a higher one is in service");
        assertEquals(0x42, guest.core.localApic().endOfInterrupt());
        assertEquals(0x31, guest.core.events().acknowledgeInterrupt());
        assertEquals(VectorSet.NONE, guest.core.events().acknowledgeInterrupt());
        assertEquals(RunOutcome.PROGRAM_END, guest.run());
    }

    @Test
    void aSecondNmiWaitsForIret() {
        SmallGuest guest = guest(READ, READ, GuestOp.instruction(Instruction.IRET, 0, 0), READ);
        guest.core.events().raiseNmi();
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        assertEquals(2, guest.core.request().vector());
        guest.core.events().raiseNmi();
        assertEquals(RunOutcome.EXCEPTION, guest.core.run(Long.MAX_VALUE));
        assertEquals(3, guest.vcpu.operations());
    }

    @Test
    void withVirtualNmisAnInjectedOneBlocksTheWindowUntilIret() {
        SmallGuest guest = guest(READ, GuestOp.instruction(Instruction.IRET, 0, 0), READ);
        guest.vcpu.vmcs().set(VmxControl.NMI_EXITING, true);
        guest.vcpu.vmcs().set(VmxControl.VIRTUAL_NMIS, true);
        guest.vcpu.vmcs().set(VmxControl.NMI_WINDOW_EXITING, true);
        inject(guest, NMI, 0, 0);
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        guest.core.events().raiseNmi();
        assertEquals(RunOutcome.VM_EXIT, guest.core.run(Long.MAX_VALUE));
        assertEquals(NMI, guest.field(VmcsField.EXIT_INTERRUPTION_INFO), "a real one always exits");
        assertEquals(Interruptibility.BY_NMI, guest.field(VmcsField.GUEST_INTERRUPTIBILITY_STATE));
        exits(guest, ExitReason.NMI_WINDOW);
        assertEquals(2, guest.vcpu.operations());
    }

    @Test
    void theMonitorTrapFlagLetsOneOperationThrough() {
        SmallGuest guest = guest(READ, READ, STI, READ);
        guest.vcpu.vmcs().set(VmxControl.MONITOR_TRAP_FLAG, true);
        for (int done = 1; done <= 4; done++) {
            exits(guest, ExitReason.MONITOR_TRAP_FLAG);
            assertEquals(done, guest.vcpu.operations());
        }
    }

    @Test
    void theMonitorTrapFlagExitsBetweenAnInjectedEventAndItsHandler() {
        SmallGuest guest = guest(READ, READ);
        guest.vcpu.vmcs().set(VmxControl.MONITOR_TRAP_FLAG, true);
        inject(guest, 3 << 8 | 6, 0, 0);
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        assertEquals(RunOutcome.VM_EXIT, guest.core.run(Long.MAX_VALUE));
        assertEquals(ExitReason.MONITOR_TRAP_FLAG.number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(0, guest.vcpu.operations());
    }

    @Test
    void anInjectedOtherEventIsAMonitorTrap() {
        SmallGuest guest = guest(READ);
        inject(guest, 7 << 8, 0, 0);
        exits(guest, ExitReason.MONITOR_TRAP_FLAG);
        assertEquals(0, guest.vcpu.operations());
    }

    @Test
    void anExitDuringDeliverySaysWhatWasDelivered() {
        SmallGuest guest = guest(READ);
        giveTable(guest, SmallGuest.UNBACKED_GVA, 0xFFF);
        inject(guest, 3 << 8 | 1 << 11 | 13, 0x18, 0);
        exits(guest, ExitReason.EPT_VIOLATION);
        assertEquals(VALID | 1 << 11 | 3 << 8 | 13, guest.field(VmcsField.IDT_VECTORING_INFO));
        assertEquals(0x18, guest.field(VmcsField.IDT_VECTORING_ERROR_CODE));
        assertEquals(0, guest.field(VmcsField.ENTRY_INTERRUPTION_INFO) & VALID);
    }

    @Test
    void aSoftwareInterruptIsReportedWithItsLength() {
        int operand = new InterruptOperand(0x80, 3, false, 0).pack();
        SmallGuest guest = guest(GuestOp.instruction(Instruction.INT_N, 3, operand));
        giveTable(guest, SmallGuest.UNBACKED_GVA, 0xFFF);
        exits(guest, ExitReason.EPT_VIOLATION);
        assertEquals(VALID | 4 << 8 | 0x80, guest.field(VmcsField.IDT_VECTORING_INFO));
        assertEquals(2, guest.field(VmcsField.EXIT_INSTRUCTION_LENGTH));
        assertEquals(0, guest.vcpu.operations());
    }

    @Test
    void int3ExitsByTheBitmapWithItsLengthAndElseGoesOnBehindIt() {
        SmallGuest exiting = guest(GuestOp.instruction(Instruction.INT3, 3, 0));
        exiting.vcpu.vmcs().write(VmcsField.EXCEPTION_BITMAP, 1 << 3);
        exits(exiting, ExitReason.EXCEPTION_NMI);
        assertEquals(VALID | 6 << 8 | 3, exiting.field(VmcsField.EXIT_INTERRUPTION_INFO));
        assertEquals(1, exiting.field(VmcsField.EXIT_INSTRUCTION_LENGTH));
        SmallGuest guest = guest(GuestOp.instruction(Instruction.INT3, 3, 0));
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        assertEquals(1, guest.vcpu.operations());
    }

    @Test
    void aGateThatIsMissingIsAProtectionFaultThatMayExit() {
        SmallGuest guest = guest(READ);
        giveTable(guest, SmallGuest.GVA, 0xFFF);
        guest.vcpu.vmcs().write(VmcsField.EXCEPTION_BITMAP, 1 << 13);
        inject(guest, NMI, 0, 0);
        exits(guest, ExitReason.EXCEPTION_NMI);
        assertEquals(VALID | 1 << 11 | 3 << 8 | 13, guest.field(VmcsField.EXIT_INTERRUPTION_INFO));
        assertEquals(2 << 3 | 2 | 1, guest.field(VmcsField.EXIT_INTERRUPTION_ERROR_CODE));
        assertEquals(NMI, guest.field(VmcsField.IDT_VECTORING_INFO));
    }

    @Test
    void aDoubleFaultThatExitsInterruptsNothing() {
        SmallGuest guest = guest(READ);
        giveTable(guest, SmallGuest.GVA, 0xFFF);
        guest.vcpu.vmcs().write(VmcsField.EXCEPTION_BITMAP, 1 << 8);
        inject(guest, 3 << 8 | 1 << 11 | 13, 0, 0);
        exits(guest, ExitReason.EXCEPTION_NMI);
        assertEquals(VALID | 1 << 11 | 3 << 8 | 8, guest.field(VmcsField.EXIT_INTERRUPTION_INFO));
        assertEquals(0, guest.field(VmcsField.IDT_VECTORING_INFO));
    }

    @Test
    void aPageFaultOnTheTableLeadsToATripleFault() {
        SmallGuest guest = guest(GuestOp.memory(GuestOp.READ, SmallGuest.UNMAPPED_GVA, 8));
        giveTable(guest, SmallGuest.UNMAPPED_GVA, 0xFFF);
        exits(guest, ExitReason.TRIPLE_FAULT);
        assertEquals(0, guest.field(VmcsField.IDT_VECTORING_INFO));
        assertEquals(0, guest.vcpu.registers().cr2);
    }

    @Test
    void aGateInMemoryIsGoneThroughWithItsFrameOnTheStackOfTheKernel() {
        SmallGuest guest = openGuest(READ, READ);
        giveTable(guest, SmallGuest.GVA, 0xFFF);
        guest.memory.write(SmallGuest.GVA_HPA + 0x31 * 16, 1L << 47 | 15L << 40);
        guest.memory.write(SmallGuest.GVA_HPA + 0xE00, SmallGuest.GVA + 0xE00);
        guest.vcpu.vmcs().write(VmcsField.GUEST_TR_BASE, SmallGuest.GVA + 0xE00 - 4);
        guest.core.events().raiseInterrupt(0x31);
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        assertEquals(0x31, guest.core.request().vector());
        assertNotEquals(0, guest.vcpu.registers().rflags & Registers.RFLAGS_IF, "a trap gate leaves it");
        assertEquals(3, guest.vcpu.lookups(false, 1), "the gate, the stack pointer, the frame");
    }

    @Test
    void hltWaitsForTheInterruptThatWakesIt() {
        SmallGuest guest = openGuest(HLT, READ);
        guest.vcpu.expectInterrupts(true);
        guest.core.events().messageAt(10_000, InterruptMessage.fixed(0x31));
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        assertEquals(10_000 - 361 - 1, guest.vcpu.cycles(CyclePart.IDLE));
        assertEquals(ActivityState.ACTIVE, guest.vcpu.registers().activity);
        assertEquals(1, guest.vcpu.operations());
    }

    @Test
    void anExitThatWakesNobodySavesTheHaltedState() {
        SmallGuest guest = guest(HLT, READ);
        guest.vcpu.expectInterrupts(true);
        guest.vcpu.vmcs().set(VmxControl.ACTIVATE_PREEMPTION_TIMER, true);
        guest.vcpu.vmcs().write(VmcsField.PREEMPTION_TIMER_VALUE, 100);
        exits(guest, ExitReason.PREEMPTION_TIMER);
        assertEquals(ActivityState.HLT.number(), guest.field(VmcsField.GUEST_ACTIVITY_STATE));
    }

    @Test
    void hltThatNothingCanEndComesBackIdle() {
        SmallGuest guest = guest(HLT);
        guest.vcpu.expectInterrupts(true);
        assertEquals(RunOutcome.IDLE, guest.run());
        assertEquals(LocalApic.NEVER, guest.core.nextEventCycle());
    }

    @Test
    void hltWhoseEndIsTooFarOffComesBackIdleAndLeavesTheClock() {
        SmallGuest guest = openGuest(HLT, READ);
        guest.vcpu.expectInterrupts(true);
        guest.core.events().messageAt(10_000, InterruptMessage.fixed(0x31));
        guest.core.transitions().hostProgram().add(GuestOp.instruction(Instruction.VMRESUME, 0, 0));
        assertEquals(RunOutcome.IDLE, guest.core.run(5_000));
        assertEquals(361 + 1, guest.core.clock());
        assertEquals(10_000, guest.core.nextEventCycle());
        guest.core.idleUntil(8_000);
        guest.core.events().messageAt(9_000, InterruptMessage.fixed(0x41));
        assertEquals(RunOutcome.EXCEPTION, guest.core.run(20_000));
        assertEquals(0x41, guest.core.request().vector());
        assertEquals(9_000 - 361 - 1, guest.vcpu.cycles(CyclePart.IDLE));
    }

    @Test
    void singleSteppingRaisesADebugExceptionAfterEachInstruction() {
        SmallGuest guest = guest(READ, READ);
        guest.vcpu.vmcs().write(VmcsField.GUEST_RFLAGS, Registers.RFLAGS_TF | 2);
        guest.vcpu.vmcs().write(VmcsField.EXCEPTION_BITMAP, 1 << 1);
        exits(guest, ExitReason.EXCEPTION_NMI);
        assertEquals(1 << 14, guest.field(VmcsField.EXIT_QUALIFICATION));
        assertEquals(VALID | 3 << 8 | 1, guest.field(VmcsField.EXIT_INTERRUPTION_INFO));
        assertEquals(1, guest.vcpu.operations());
        assertEquals(0, guest.vcpu.registers().dr6 & 1 << 14, "DR6 is not written when it exits");
    }

    @Test
    void theEndOfAHandlerBringsTheFlagsBackAndUnblocksNmis() {
        SmallGuest guest = openGuest(READ, CPUID);
        guest.core.events().raiseNmi();
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        guest.vcpu.pushKernelProgram().add(READ);
        assertEquals(RunOutcome.VM_EXIT, guest.core.run(Long.MAX_VALUE));
        assertNotEquals(0, guest.field(VmcsField.GUEST_RFLAGS) & Registers.RFLAGS_IF);
        assertEquals(0, guest.field(VmcsField.GUEST_INTERRUPTIBILITY_STATE));
    }

    @Test
    void anExitRightAtTheEndOfAHandlerSavesWhatItsReturnBringsBack() {
        SmallGuest guest = openGuest(READ);
        guest.vcpu.vmcs().set(VmxControl.EXTERNAL_INTERRUPT_EXITING, true);
        guest.core.events().raiseNmi();
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        guest.vcpu.pushKernelProgram().add(GuestOp.work(100));
        guest.core.events().messageAt(guest.core.clock() + 100, InterruptMessage.fixed(0x41));
        assertEquals(RunOutcome.VM_EXIT, guest.core.run(Long.MAX_VALUE));
        assertNotEquals(0, guest.field(VmcsField.GUEST_RFLAGS) & Registers.RFLAGS_IF);
        assertEquals(0, guest.field(VmcsField.GUEST_INTERRUPTIBILITY_STATE), "NMIs are open again");
    }

    @Test
    void nothingReachesAGuestThatWasSwitchedOff() {
        SmallGuest guest = openGuest();
        guest.vcpu.vmcs().set(VmxControl.MONITOR_TRAP_FLAG, true);
        assertEquals(RunOutcome.PROGRAM_END, guest.run());
        guest.core.events().messageAt(guest.core.clock(), InterruptMessage.fixed(0x41));
        guest.core.transitions().takeBack();
        assertEquals(RunOutcome.HOST_IDLE, guest.core.run(Long.MAX_VALUE));
        assertEquals(0x41, guest.core.events().acknowledgeInterrupt(), "it waits for the hypervisor");
    }
}

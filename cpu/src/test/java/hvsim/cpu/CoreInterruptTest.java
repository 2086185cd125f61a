package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.DeliveryMode;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.apic.InterruptCommand.Shorthand;
import hvsim.cpu.apic.InterruptMessage;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.apic.PostedInterrupts;
import hvsim.cpu.apic.VirtualApic;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import org.junit.jupiter.api.Test;

/** A core and its local APIC: what it sends, what reaches it, and when. */
class CoreInterruptTest {
    private static final long NO_MSR_EXITS = 0x501_0000;
    private static final long PAGE = 0x500_0000;
    private static final long TABLE = 0x503_0000;
    private static final long DESCRIPTOR = 0x504_0000;
    private static final long READ = GuestOp.memory(GuestOp.READ, SmallGuest.GVA, 8);

    private static long[] wrmsr(int msr, long value, long... more) {
        long[] words = new long[2 + more.length];
        words[0] = GuestOp.instructionWithValue(Instruction.WRMSR, 0, msr);
        words[1] = value;
        System.arraycopy(more, 0, words, 2, more.length);
        return words;
    }

    /** A guest that the local APIC is passed through to. */
    private static SmallGuest guest(long... program) {
        SmallGuest guest = new SmallGuest(program);
        guest.vcpu.vmcs().set(VmxControl.USE_MSR_BITMAPS, true);
        guest.vcpu.vmcs().write(VmcsField.MSR_BITMAP, NO_MSR_EXITS);
        guest.vcpu.vmcs().write(VmcsField.GUEST_RFLAGS, Registers.RFLAGS_IF | 2);
        return guest;
    }

    private static SmallGuest virtualized(long... program) {
        SmallGuest guest = guest(program);
        Vmcs vmcs = guest.vcpu.vmcs();
        for (VmxControl control : new VmxControl[] {
            VmxControl.EXTERNAL_INTERRUPT_EXITING,
            VmxControl.ACKNOWLEDGE_INTERRUPT_ON_EXIT,
            VmxControl.USE_TPR_SHADOW,
            VmxControl.VIRTUAL_INTERRUPT_DELIVERY,
            VmxControl.VIRTUALIZE_X2APIC_MODE,
            VmxControl.ACTIVATE_TERTIARY_CONTROLS,
            VmxControl.IPI_VIRTUALIZATION
        }) {
            vmcs.set(control, true);
        }
        vmcs.write(VmcsField.VIRTUAL_APIC_ADDRESS, PAGE);
        vmcs.write(VmcsField.PID_POINTER_TABLE_ADDRESS, TABLE);
        vmcs.write(VmcsField.LAST_PID_POINTER_INDEX, 1);
        guest.memory.write(TABLE + 8, DESCRIPTOR | 1);
        new PostedInterrupts(guest.memory, DESCRIPTOR).notify(0xF2, 6);
        return guest;
    }

    @Test
    void aCommandComesBackToWhoeverConnectsTheCoresBehindTheInstruction() {
        InterruptCommand command = InterruptCommand.to(Shorthand.ALL_EXCLUDING_SELF, DeliveryMode.NMI, 0);
        SmallGuest guest = guest(wrmsr(ApicMsr.COMMAND, command.encode(), READ));
        assertEquals(RunOutcome.INTERRUPT_COMMAND, guest.run());
        assertEquals(command, guest.core.request().command());
        assertEquals(1, guest.vcpu.operations());
        assertEquals(RunOutcome.PROGRAM_END, guest.core.run(Long.MAX_VALUE));
    }

    @Test
    void theHypervisorSendsAndEndsInterruptsInRootMode() {
        SmallGuest guest = guest(READ);
        guest.core.localApic().accept(0x55);
        guest.core.localApic().acknowledge();
        Program program = guest.core.transitions().hostProgram().clear();
        for (long word : wrmsr(ApicMsr.END_OF_INTERRUPT, 0)) {
            program.add(word);
        }
        for (long word : wrmsr(ApicMsr.COMMAND, InterruptCommand.fixed(0xF2, 3).encode())) {
            program.add(word);
        }
        program.add(GuestOp.instruction(Instruction.VMRESUME, 0, 0));
        assertEquals(RunOutcome.INTERRUPT_COMMAND, guest.core.run(Long.MAX_VALUE));
        assertEquals(InterruptCommand.fixed(0xF2, 3), guest.core.request().command());
        assertEquals(-1, guest.core.localApic().inService());
        assertEquals(RunOutcome.PROGRAM_END, guest.core.run(Long.MAX_VALUE));
    }

    @Test
    void aDeadlineInterruptsAtItsCycle() {
        SmallGuest guest = guest(
                wrmsr(ApicMsr.TIMER, 2 << 17 | 0x40, wrmsr(ApicMsr.TSC_DEADLINE, 5_000, GuestOp.work(10_000), READ)));
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        assertEquals(0x40, guest.core.request().vector());
        assertEquals(0x40, guest.core.localApic().inService(), "until its handler ends it");
    }

    @Test
    void aDeadlineBeyondAllCyclesNeverComes() {
        SmallGuest guest = guest(wrmsr(ApicMsr.TIMER, 2 << 17 | 0x40, wrmsr(ApicMsr.TSC_DEADLINE, -1, READ)));
        assertEquals(RunOutcome.PROGRAM_END, guest.run());
        assertEquals(LocalApic.NEVER, guest.core.nextEventCycle());
    }

    @Test
    void messagesArriveInTheOrderOfTheirCyclesAndWaitWhileTheHypervisorRuns() {
        SmallGuest guest = guest(READ, READ);
        guest.core.events().messageAt(400, InterruptMessage.fixed(0x41));
        guest.core.events().messageAt(300, InterruptMessage.nmi());
        guest.core.events().messageAt(1 << 20, InterruptMessage.fixed(0x91));
        guest.core.transitions().hostProgram().add(GuestOp.work(1_000));
        guest.core.transitions().hostProgram().add(GuestOp.instruction(Instruction.VMRESUME, 0, 0));
        assertEquals(RunOutcome.EXCEPTION, guest.core.run(Long.MAX_VALUE));
        assertEquals(2, guest.core.request().vector());
        assertEquals(0x41, guest.core.localApic().pending());
        assertEquals(1 << 20, guest.core.nextEventCycle());
    }

    @Test
    void withIpiVirtualizationASenderPostsAndTheHardwareNotifies() {
        SmallGuest guest = virtualized(
                wrmsr(ApicMsr.COMMAND, InterruptCommand.fixed(0x41, 1).encode(), READ));
        assertEquals(RunOutcome.INTERRUPT_COMMAND, guest.run());
        assertEquals(InterruptCommand.fixed(0xF2, 6), guest.core.request().command());
        assertEquals(1L << 1, guest.memory.read(DESCRIPTOR + 8));
        assertEquals(RunOutcome.PROGRAM_END, guest.core.run(Long.MAX_VALUE));
    }

    @Test
    void anIpiThatIsNotVirtualizedExitsBehindTheWriteWithTheCommandInThePage() {
        long icr = InterruptCommand.to(Shorthand.ALL_EXCLUDING_SELF, DeliveryMode.FIXED, 0x41)
                .encode();
        SmallGuest guest = virtualized(wrmsr(ApicMsr.COMMAND, icr | 7L << 32, READ));
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(ExitReason.APIC_WRITE.number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(0x300, guest.field(VmcsField.EXIT_QUALIFICATION));
        VirtualApic page = new VirtualApic(guest.memory, guest.vcpu.vmcs());
        assertEquals((int) icr, page.read(0x300));
        assertEquals(7, page.read(0x304));
        assertEquals(1, guest.vcpu.operations());
    }

    @Test
    void aWriteOfReservedBitsIsAProtectionFault() {
        for (long[] write : new long[][] {
            wrmsr(ApicMsr.TASK_PRIORITY, 0x100),
            wrmsr(ApicMsr.END_OF_INTERRUPT, 1),
            wrmsr(ApicMsr.COMMAND, 3 << 8),
            wrmsr(ApicMsr.ID, 0),
            wrmsr(0x804, 0)
        }) {
            SmallGuest guest = guest(write);
            assertEquals(RunOutcome.EXCEPTION, guest.run());
            assertEquals(13, guest.core.request().vector());
        }
    }
}

package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.apic.ApicRegister;
import hvsim.cpu.apic.VirtualApic;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import org.junit.jupiter.api.Test;

/** A guest with a virtual APIC: what it does without an exit, and what exits (SDM vol. 3, chapter 29). */
class VirtualInterruptTest {
    private static final long PAGE = 0x500_0000;
    private static final long NO_MSR_EXITS = 0x501_0000;
    private static final long DESCRIPTOR = 0x502_0000;
    private static final int NOTIFICATION = 0xF2;
    private static final int TPR_MSR = 0x808;
    private static final int EOI_MSR = 0x80B;
    private static final int SELF_IPI_MSR = 0x83F;
    private static final long READ = GuestOp.memory(GuestOp.READ, SmallGuest.READ_ONLY_HOST_GVA, 8);

    private static SmallGuest guest(VmxControl mode, long... program) {
        SmallGuest guest = new SmallGuest(program);
        Vmcs vmcs = guest.vcpu.vmcs();
        for (VmxControl control : new VmxControl[] {
            VmxControl.EXTERNAL_INTERRUPT_EXITING,
            VmxControl.ACKNOWLEDGE_INTERRUPT_ON_EXIT,
            VmxControl.USE_TPR_SHADOW,
            VmxControl.USE_MSR_BITMAPS,
            VmxControl.VIRTUAL_INTERRUPT_DELIVERY,
            mode
        }) {
            vmcs.set(control, true);
        }
        vmcs.write(VmcsField.VIRTUAL_APIC_ADDRESS, PAGE);
        vmcs.write(VmcsField.APIC_ACCESS_ADDRESS, SmallGuest.GVA_HPA);
        vmcs.write(VmcsField.MSR_BITMAP, NO_MSR_EXITS);
        vmcs.write(VmcsField.GUEST_RFLAGS, Registers.RFLAGS_IF | 2);
        return guest;
    }

    private static long[] wrmsr(int msr, long value) {
        return new long[] {GuestOp.instructionWithValue(Instruction.WRMSR, 0, msr), value};
    }

    private static VirtualApic apic(SmallGuest guest) {
        return new VirtualApic(guest.memory, guest.vcpu.vmcs());
    }

    private static void delivers(SmallGuest guest, int vector) {
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        assertEquals(vector, guest.core.request().vector());
    }

    @Test
    void anEntryDeliversWhatIsRequestedAboveThePriority() {
        SmallGuest guest = guest(VmxControl.VIRTUALIZE_X2APIC_MODE, READ);
        apic(guest).request(0x55);
        delivers(guest, 0x55);
        assertEquals(0x55, apic(guest).inService());
        SmallGuest busy = guest(VmxControl.VIRTUALIZE_X2APIC_MODE, READ);
        apic(busy).request(0x55);
        apic(busy).write(ApicRegister.TASK_PRIORITY, 0x50);
        assertEquals(RunOutcome.PROGRAM_END, busy.run());
    }

    @Test
    void aSelfIpiIsDeliveredBehindTheInstruction() {
        SmallGuest guest = guest(VmxControl.VIRTUALIZE_X2APIC_MODE, wrmsr(SELF_IPI_MSR, 0x41));
        delivers(guest, 0x41);
        assertEquals(1, guest.vcpu.operations());
    }

    @Test
    void aSelfIpiOfAReservedVectorIsForSoftwareToFinish() {
        SmallGuest guest = guest(VmxControl.VIRTUALIZE_X2APIC_MODE, wrmsr(SELF_IPI_MSR, 0xF));
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(ExitReason.APIC_WRITE.number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(0x3F0, guest.field(VmcsField.EXIT_QUALIFICATION));
        assertEquals(1, guest.vcpu.operations(), "trap-like: the write is done");
    }

    @Test
    void theEndOfAnInterruptMakesRoomForTheNext() {
        SmallGuest guest = guest(VmxControl.VIRTUALIZE_X2APIC_MODE, wrmsr(EOI_MSR, 0));
        apic(guest).request(0x45);
        apic(guest).deliver();
        apic(guest).request(0x41);
        delivers(guest, 0x41);
        assertEquals(0x41, apic(guest).inService());
    }

    @Test
    void aLowerTaskPriorityLetsAnInterruptThrough() {
        SmallGuest guest = guest(VmxControl.VIRTUALIZE_X2APIC_MODE, wrmsr(TPR_MSR, 0x20));
        apic(guest).write(ApicRegister.TASK_PRIORITY, 0x90);
        apic(guest).request(0x41);
        delivers(guest, 0x41);
    }

    @Test
    void aNotificationTakesWhatWasPostedWithoutAnExit() {
        SmallGuest guest = guest(VmxControl.VIRTUALIZE_X2APIC_MODE, READ, READ);
        guest.vcpu.vmcs().set(VmxControl.PROCESS_POSTED_INTERRUPTS, true);
        guest.vcpu.vmcs().write(VmcsField.POSTED_INTERRUPT_VECTOR, NOTIFICATION);
        guest.vcpu.vmcs().write(VmcsField.POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, DESCRIPTOR);
        guest.memory.write(DESCRIPTOR + 8, 1L << 0x61 - 64);
        guest.memory.write(DESCRIPTOR + 32, 1);
        guest.core.events().raiseInterrupt(NOTIFICATION);
        delivers(guest, 0x61);
        assertEquals(0, guest.memory.read(DESCRIPTOR + 32));
        guest.core.events().raiseInterrupt(NOTIFICATION + 1);
        assertEquals(RunOutcome.VM_EXIT, guest.core.run(Long.MAX_VALUE));
        assertEquals(1L << 31 | NOTIFICATION + 1, guest.field(VmcsField.EXIT_INTERRUPTION_INFO));
    }

    @Test
    void anAnsweredReferenceToThePageIsDoneAndTheFrontNeverLearnsOfIt() {
        long tpr = GuestOp.memory(GuestOp.READ, SmallGuest.GVA + 0x80, 4);
        long current = GuestOp.memory(GuestOp.READ, SmallGuest.GVA + 0x390, 4);
        SmallGuest guest = guest(VmxControl.VIRTUALIZE_APIC_ACCESSES, tpr, tpr, current);
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(ExitReason.APIC_ACCESS.number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(0x390, guest.field(VmcsField.EXIT_QUALIFICATION));
        assertEquals(2, guest.vcpu.operations());
    }

    @Test
    void aWriteOfTheTaskPriorityBelowTheThresholdExitsBehindIt() {
        SmallGuest guest = guest(
                VmxControl.VIRTUALIZE_APIC_ACCESSES, GuestOp.memory(GuestOp.WRITE, SmallGuest.GVA + 0x80, 4), READ);
        guest.vcpu.vmcs().set(VmxControl.VIRTUAL_INTERRUPT_DELIVERY, false);
        guest.vcpu.vmcs().write(VmcsField.TPR_THRESHOLD, 4);
        apic(guest).write(ApicRegister.TASK_PRIORITY, 0x40);
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(ExitReason.TPR_BELOW_THRESHOLD.number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(1, guest.vcpu.operations());
    }

    @Test
    void movToCr8GoesToTheVirtualPriority() {
        SmallGuest guest = guest(
                VmxControl.VIRTUALIZE_X2APIC_MODE,
                GuestOp.instructionWithValue(Instruction.MOV_TO_CR8, 0, 0),
                7,
                GuestOp.instruction(Instruction.MOV_FROM_CR8, 0, 0));
        assertEquals(RunOutcome.PROGRAM_END, guest.run());
        assertEquals(0x70, apic(guest).read(ApicRegister.TASK_PRIORITY));
        assertEquals(7, guest.vcpu.registers().rax);
    }

    @Test
    void anEptViolationThatMayBecomesAnExceptionOfTheGuest() {
        SmallGuest guest = new SmallGuest(GuestOp.memory(GuestOp.READ, SmallGuest.UNBACKED_GVA + 0x10, 8));
        guest.vcpu.vmcs().set(VmxControl.EPT_VIOLATION_VE, true);
        guest.vcpu.vmcs().write(VmcsField.VIRTUALIZATION_EXCEPTION_INFORMATION_ADDRESS, PAGE);
        guest.vcpu.vmcs().write(VmcsField.EPTP_INDEX, 3);
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        assertEquals(20, guest.core.request().vector());
        assertEquals(0xFFFF_FFFF_0000_0030L, guest.memory.read(PAGE), "reason 48, in use");
        assertEquals(SmallGuest.UNBACKED_GVA + 0x10, guest.memory.read(PAGE + 16));
        assertEquals(SmallGuest.UNBACKED_GPA + 0x10, guest.memory.read(PAGE + 24));
        assertEquals(3, guest.memory.read(PAGE + 32));
        assertEquals(RunOutcome.VM_EXIT, guest.core.run(Long.MAX_VALUE));
        assertEquals(ExitReason.EPT_VIOLATION.number(), guest.field(VmcsField.EXIT_REASON), "the page is in use");
    }
}

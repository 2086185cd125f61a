package hvsim.cpu;

import hvsim.cpu.apic.ApicAccess;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.ApicRegister;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.apic.IpiVirtualization;
import hvsim.cpu.apic.PostedInterrupts;
import hvsim.cpu.apic.VirtualApic;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Snapshot;

/**
 * The virtual APIC of the guest that runs: what its accesses and MSRs do to the {@link VirtualApic}, and the exits that
 * follow them like traps.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), chapter 29.
 */
public final class ApicUnit {
    /** Interrupt command of a self-IPI: fixed, edge-triggered, idle, to self; level, mode and vector are free. */
    private static final int COMMAND_CHECKED = 0xFFFF_FF00 & ~(1 << 14 | 1 << 11);

    private static final int COMMAND_TO_SELF = 1 << 18;
    private static final int FIRST_VECTOR = 16;
    private static final int MSR_TO_OFFSET_SHIFT = 4;
    private static final int NO_TRAP = -1;
    private static final int TPR_SHIFT = 4;
    private static final int XAPIC_DESTINATION_SHIFT = 24;

    private final Core core;
    private final Transitions transitions;
    private final PhysicalMemory memory;
    private boolean recognized;
    private int trap = NO_TRAP;
    private long trapQualification;

    ApicUnit(Core core, Transitions transitions, PhysicalMemory memory) {
        this.core = core;
        this.transitions = transitions;
        this.memory = memory;
    }

    private Vmcs vmcs() {
        return core.vcpu().vmcs();
    }

    private VirtualApic virtual() {
        return new VirtualApic(memory, vmcs());
    }

    boolean isArmed() {
        return recognized || trap != NO_TRAP;
    }

    /** Whether an interrupt waits for the guest to be open for it. */
    boolean isRecognized() {
        return recognized;
    }

    boolean hasTrap() {
        return trap != NO_TRAP;
    }

    private void trap(ExitReason reason, long qualification) {
        trap = reason.ordinal();
        trapQualification = qualification;
    }

    boolean exitOnTrap() {
        return transitions.leave(ExitReason.values()[trap], trapQualification);
    }

    void entered() {
        if (vmcs().has(VmxControl.VIRTUAL_INTERRUPT_DELIVERY)) {
            virtual().virtualizeProcessorPriority();
            recognized = virtual().evaluate();
        } else if (vmcs().has(VmxControl.USE_TPR_SHADOW) && vmcs().has(VmxControl.VIRTUALIZE_APIC_ACCESSES)) {
            trapBelowThreshold();
        }
    }

    void left() {
        recognized = false;
        trap = NO_TRAP;
    }

    private void trapBelowThreshold() {
        if (virtual().isBelowThreshold()) {
            trap(ExitReason.TPR_BELOW_THRESHOLD, 0);
        }
    }

    /** The vector that is delivered now. */
    int deliver() {
        recognized = false;
        return virtual().deliver();
    }

    void processPostedInterrupts() {
        virtual().takePosted();
        recognized = virtual().evaluate();
    }

    /** TPR virtualization (29.1.2). */
    private void virtualizeTaskPriority() {
        if (vmcs().has(VmxControl.VIRTUAL_INTERRUPT_DELIVERY)) {
            virtual().virtualizeProcessorPriority();
            recognized = virtual().evaluate();
        } else {
            trapBelowThreshold();
        }
    }

    private void virtualizeEndOfInterrupt() {
        int vector = virtual().endInterrupt();
        if (virtual().exitsAtEnd(vector)) {
            trap(ExitReason.EOI_INDUCED, vector);
        } else {
            recognized = virtual().evaluate();
        }
    }

    private void virtualizeSelfIpi(int vector) {
        virtual().request(vector);
        recognized = virtual().evaluate();
    }

    /** MOV from CR8 with "use TPR shadow": bits 7:4 of the virtual task priority. */
    public long taskPriority() {
        return (long) virtual().read(ApicRegister.TASK_PRIORITY) >>> TPR_SHIFT & 0xF;
    }

    /** MOV to CR8 with "use TPR shadow". */
    public void setTaskPriority(long cr8) {
        virtual().write(ApicRegister.TASK_PRIORITY, (int) (cr8 & 0xF) << TPR_SHIFT);
        virtualizeTaskPriority();
        core.events().arm();
    }

    /** A virtualized write to the page: the value is there already, and what it causes follows (29.4.3.2). */
    public void write(int offset, int value) {
        virtual().write(offset & -Integer.BYTES, value);
        ApicRegister register = ApicAccess.registerAt(offset);
        if (register == ApicRegister.TASK_PRIORITY) {
            virtual().write(register, value & 0xFF);
            virtualizeTaskPriority();
        } else if (register == ApicRegister.END_OF_INTERRUPT && delivers()) {
            virtual().write(register, 0);
            virtualizeEndOfInterrupt();
        } else if (register == ApicRegister.COMMAND_LOW && delivers() && isToSelf(value)) {
            virtualizeSelfIpi(value & 0xFF);
        } else if (register == ApicRegister.COMMAND_LOW && vmcs().has(VmxControl.IPI_VIRTUALIZATION)) {
            virtualizeIpi(value, virtual().read(ApicRegister.COMMAND_HIGH) >>> XAPIC_DESTINATION_SHIFT);
        } else if (register == ApicRegister.COMMAND_HIGH) {
            virtual().write(register, value & 0xFF00_0000);
        } else {
            trap(ExitReason.APIC_WRITE, offset);
        }
        core.events().arm();
    }

    /** The interrupt is posted where it is meant to go, and a notification sent if one is due; else software sends it. */
    private void virtualizeIpi(int command, int destination) {
        long descriptor = IpiVirtualization.descriptor(command, destination, vmcs(), memory);
        if (descriptor == IpiVirtualization.NONE) {
            trap(ExitReason.APIC_WRITE, ApicRegister.COMMAND_LOW.offset());
            return;
        }
        InterruptCommand notification = new PostedInterrupts(memory, descriptor).post(command & 0xFF);
        if (notification != null) {
            core.request().send(notification);
        }
    }

    private boolean delivers() {
        return vmcs().has(VmxControl.VIRTUAL_INTERRUPT_DELIVERY);
    }

    private static boolean isToSelf(int command) {
        return (command & COMMAND_CHECKED) == COMMAND_TO_SELF && (command & 0xFF) >= FIRST_VECTOR;
    }

    /**
     * WRMSR in the range of the x2APIC that does not exit (29.5). Returns false if it is no matter of the virtual APIC,
     * but of the real one.
     */
    boolean writeMsr(int msr, long value) {
        ApicRegister register = isX2Apic(msr) ? ApicAccess.registerAt(offset(msr)) : null;
        if (register == null) {
            return false;
        }
        if (register == ApicRegister.TASK_PRIORITY) {
            virtual().write(register, (int) value);
            virtualizeTaskPriority();
        } else if (register == ApicRegister.END_OF_INTERRUPT && delivers()) {
            virtual().write(register, (int) value);
            virtualizeEndOfInterrupt();
        } else if (register == ApicRegister.SELF_IPI && delivers()) {
            virtual().write(register, (int) value);
            selfIpiOrTrap((int) value & 0xFF);
        } else if (register == ApicRegister.COMMAND_LOW && vmcs().has(VmxControl.IPI_VIRTUALIZATION)) {
            virtual().write(register, (int) value);
            virtual().write(register.offset() + Integer.BYTES, (int) (value >>> Integer.SIZE));
            virtualizeIpi((int) value, (int) (value >>> Integer.SIZE));
        } else {
            return false;
        }
        core.events().arm();
        return true;
    }

    private void selfIpiOrTrap(int vector) {
        if (vector >= FIRST_VECTOR) {
            virtualizeSelfIpi(vector);
        } else {
            trap(ExitReason.APIC_WRITE, ApicRegister.SELF_IPI.offset());
        }
    }

    /** Whether RDMSR in the range of the x2APIC reads the virtual-APIC page: the task priority, or all of it (29.5). */
    boolean readsMsr(int msr) {
        return isX2Apic(msr)
                && (offset(msr) == ApicRegister.TASK_PRIORITY.offset()
                        || vmcs().has(VmxControl.APIC_REGISTER_VIRTUALIZATION));
    }

    /** What RDMSR then returns: the low half from the register's offset, the high half from four bytes on (29.5). */
    long readMsr(int msr) {
        int offset = offset(msr);
        return virtual().read(offset) & 0xFFFF_FFFFL | (long) virtual().read(offset + Integer.BYTES) << Integer.SIZE;
    }

    private boolean isX2Apic(int msr) {
        return msr >= ApicMsr.FIRST && msr <= ApicMsr.LAST && vmcs().has(VmxControl.VIRTUALIZE_X2APIC_MODE);
    }

    private static int offset(int msr) {
        return msr - ApicMsr.FIRST << MSR_TO_OFFSET_SHIFT;
    }

    /** An access to the APIC-access page is answered, if it is one that can be. A write has the value 0. */
    boolean answers(int kind, long gva, int sizeBytes) {
        int offset = (int) gva & 0xFFF;
        if (!ApicAccess.isVirtualized(kind, offset, sizeBytes, vmcs())) {
            return false;
        }
        if (kind == GuestOp.WRITE || kind == GuestOp.MODIFY) {
            write(offset, 0);
        }
        return true;
    }

    void transfer(Snapshot snapshot) {
        recognized = snapshot.transfer(recognized);
        trap = snapshot.transfer(trap);
        trapQualification = snapshot.transfer(trapQualification);
    }
}

package hvsim.vmm.interrupt;

import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.ApicRegister;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.apic.PostedInterrupts;
import hvsim.cpu.apic.VirtualApic;
import hvsim.cpu.event.VectorSet;
import hvsim.cpu.state.Registers;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The hardware delivers: what waits is in the virtual-APIC page and in the posted-interrupt descriptor. Software keeps
 * the timer and what has no effect of its own, and shows that in the page too.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), chapter 29; where notifications go, as in KVM (arch/x86/kvm/vmx
 * posted_intr.c of Linux 6).
 */
final class VirtualizedApic implements GuestApic {
    private static final int FIRST_IN_PAGE = ApicMsr.FIRST;
    private static final int OFFSET_SHIFT = 4;

    private final Vcpu vcpu;
    private final LocalApic registers;
    private final VirtualApic page;
    private final PostedInterrupts posted;
    private final boolean notifies;

    /**
     * @param apicId within the VM
     * @param notifies whether the hardware processes posted interrupts
     */
    VirtualizedApic(Vcpu vcpu, int apicId, VirtualApic page, PostedInterrupts posted, boolean notifies) {
        this.vcpu = vcpu;
        this.registers = new LocalApic(apicId);
        this.page = page;
        this.posted = posted;
        this.notifies = notifies;
        for (int msr = FIRST_IN_PAGE; msr < ApicMsr.SELF_IPI; msr++) {
            if (ApicMsr.isReadable(msr)) {
                show(msr, registers.read(msr, 0));
            }
        }
    }

    private void show(int msr, long value) {
        int offset = msr - FIRST_IN_PAGE << OFFSET_SHIFT;
        page.write(offset, (int) value);
        page.write(offset + Integer.BYTES, (int) (value >>> Integer.SIZE));
    }

    @Override
    public LocalApic registers() {
        return registers;
    }

    @Override
    public @Nullable InterruptCommand request(int vector) {
        InterruptCommand notification = posted.post(vector);
        return notifies ? notification : null;
    }

    @Override
    public void advance(long now) {
        registers.advance(now);
        passOn();
    }

    /** What has reached the software's part is for the hardware to deliver. */
    private void passOn() {
        for (int vector = registers.acknowledge(); vector != VectorSet.NONE; vector = registers.acknowledge()) {
            registers.endOfInterrupt();
            request(vector);
        }
    }

    @Override
    public boolean hasWaiting() {
        boolean waits = posted.isWaiting() || page.evaluate();
        return waits && (vcpu.registers().rflags & Registers.RFLAGS_IF) != 0;
    }

    /** The hardware's registers are in the page; they exit only where no MSR bitmap is in use. */
    @Override
    public long read(int msr, long now) {
        long value = registers.read(msr, now);
        passOn();
        boolean isHardware = msr == ApicMsr.TASK_PRIORITY
                || msr == ApicMsr.PROCESSOR_PRIORITY
                || msr >= ApicMsr.IN_SERVICE && msr < ApicMsr.ERROR_STATUS;
        return isHardware ? page.read(msr - FIRST_IN_PAGE << OFFSET_SHIFT) & 0xFFFF_FFFFL : value;
    }

    @Override
    public LocalApic.Effect write(int msr, long value, long now) {
        if (msr == ApicMsr.END_OF_INTERRUPT) {
            page.endInterrupt();
            return LocalApic.Effect.INTERRUPT;
        }
        if (msr == ApicMsr.TASK_PRIORITY) {
            page.write(ApicRegister.TASK_PRIORITY, (int) value);
            return LocalApic.Effect.INTERRUPT;
        }
        LocalApic.Effect effect = registers.write(msr, value, now);
        passOn();
        show(msr, ApicMsr.isReadable(msr) ? registers.read(msr, now) : value);
        return effect;
    }

    @Override
    public InterruptCommand leftCommand() {
        long low = page.read(ApicRegister.COMMAND_LOW) & 0xFFFF_FFFFL;
        long high = page.read(ApicRegister.COMMAND_LOW.offset() + Integer.BYTES);
        return InterruptCommand.decode(high << Integer.SIZE | low);
    }

    @Override
    public void place(Place place, int coreApicId) {
        boolean runs = place == Place.RUNNING;
        posted.notify((runs ? HostVector.NOTIFICATION : HostVector.WAKE_UP).number(), coreApicId);
        posted.suppress(place == Place.READY);
    }

    @Override
    public void left() {
        // all is in the page
    }

    /** The entry itself evaluates what is requested in the page. */
    @Override
    public void enter() {
        if (posted.isWaiting()) {
            page.takePosted();
        }
    }

    @Override
    public boolean bounces() {
        return false;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        registers.transfer(snapshot);
    }
}

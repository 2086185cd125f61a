package hvsim.vmm.interrupt;

import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.apic.LocalApic;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/** The local APIC of one virtual processor: how a hypervisor gives it its interrupts. */
public interface GuestApic {
    /** What software keeps of it: the timer always. */
    LocalApic registers();

    /** An interrupt for the guest. Returns the notification that makes the hardware take it, where there is one. */
    @Nullable
    InterruptCommand request(int vector);

    /** The guest's timer comes to where it is {@code now}. */
    void advance(long now);

    /** Whether an interrupt waits that ends a HLT. */
    boolean hasWaiting();

    /** RDMSR that has exited. */
    long read(int msr, long now);

    /** WRMSR that has exited, but of IA32_TSC_DEADLINE; what follows from it for others. */
    LocalApic.Effect write(int msr, long value, long now);

    /** The command that the hardware did not carry out, of which the guest has left it. */
    InterruptCommand leftCommand();

    /** It runs on a core, has lost it but would go on, or waits for an interrupt. */
    void place(Place place, int coreApicId);

    /** After an exit: what the guest has changed without one. */
    void left();

    /** Before an entry: what waits is injected, or the guest comes back as soon as it can be. */
    void enter();

    /** Whether events reach the guest with a return to it, and not with a VM entry. */
    boolean bounces();

    void transfer(Snapshot snapshot);

    /** Where a virtual processor is. */
    enum Place {
        RUNNING,
        READY,
        BLOCKED
    }
}

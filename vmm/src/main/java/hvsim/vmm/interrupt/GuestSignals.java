package hvsim.vmm.interrupt;

import hvsim.cpu.Vcpu;
import hvsim.cpu.event.Event;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.Snapshot;

/**
 * What reaches a virtual processor past its local APIC's registers: NMI, INIT and the start-up interrupt.
 *
 * <pre>
 *   NMI       pending --entry injects, or the NMI window exits as soon as it can--&gt; handler
 *   INIT      runs --&gt; off: gets no core          pending NMIs are lost
 *   start-up  off  --&gt; goes on where INIT has stopped it; lost if it is not off
 * </pre>
 *
 * A program has no address to start at, so that what INIT resets is as the kernel's start-up code would have set it up
 * again. Source: Intel SDM vol. 3 (325384-059US), 8.4.3, 10.6.1, 26.3.1.5, 26.5.
 */
final class GuestSignals {
    private static final int BLOCKING = Interruptibility.BY_STI | Interruptibility.BY_MOV_SS | Interruptibility.BY_NMI;

    private final Vcpu vcpu;
    private final boolean bounces;
    private int nmis;
    private boolean off;
    private boolean started;

    /** @param bounces whether events reach the guest with a return to it, and not with a VM entry */
    GuestSignals(Vcpu vcpu, boolean bounces) {
        this.vcpu = vcpu;
        this.bounces = bounces;
    }

    /** As on a bare processor, one that is in its handler keeps one more; as this one is not delivered yet, that is two. */
    void nmi() {
        int kept = (vcpu.registers().interruptibility & Interruptibility.BY_NMI) == 0 ? 2 : 1;
        nmis = off ? 0 : Math.min(nmis + 1, kept);
    }

    void init() {
        nmis = 0;
        off = true;
        started = false;
    }

    void startUp() {
        started = off;
        off = false;
    }

    /** Whether it waits for a start-up interrupt: nothing else gives it a core. */
    boolean isOff() {
        return off;
    }

    /** Whether it goes on, by what has come, if it is blocked. */
    boolean wakes() {
        return nmis > 0 || started;
    }

    /** Before an entry: what waits is injected, or the guest comes back as soon as it can be. */
    void enter() {
        started = false;
        if (bounces) {
            bounce();
        } else {
            inject();
        }
    }

    private void bounce() {
        boolean isBlocked = (vcpu.registers().interruptibility & BLOCKING) != 0;
        if (nmis > 0 && !isBlocked && !vcpu.isBouncing()) {
            vcpu.bounce(Event.nmi());
            nmis--;
        }
    }

    private void inject() {
        Vmcs vmcs = vcpu.vmcs();
        if (nmis > 0 && isOpen(vmcs)) {
            int vector = ExceptionVector.NON_MASKABLE_INTERRUPT.number();
            vmcs.write(VmcsField.ENTRY_INTERRUPTION_INFO, InterruptionInfo.pack(InterruptionType.NMI, vector, false));
            nmis--;
        }
        vmcs.set(VmxControl.NMI_WINDOW_EXITING, nmis > 0);
    }

    private static boolean isOpen(Vmcs vmcs) {
        return (vmcs.read(VmcsField.GUEST_INTERRUPTIBILITY_STATE) & BLOCKING) == 0
                && !InterruptionInfo.isValid(vmcs.read(VmcsField.ENTRY_INTERRUPTION_INFO));
    }

    void transfer(Snapshot snapshot) {
        nmis = snapshot.transfer(nmis);
        off = snapshot.transfer(off);
        started = snapshot.transfer(started);
    }
}

package hvsim.vmm.host;

import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;
import hvsim.vmm.interrupt.GuestInterrupts;
import hvsim.vmm.kernel.Interrupts;

/**
 * A privileged VM beside the others answers what the hypervisor leaves to it, one guest after another in the order in
 * which they asked. It is a guest like them: its turns, its exits and what it touches come out of the model.
 *
 * <pre>
 *   guest       exits, and is held
 *   hypervisor  an event for the service VM, if none is pending; whose turn is it?
 *   service VM  wakes from HLT, handles the interrupt; its process answers, and calls the hypervisor: {@link
 *               ServiceProgram}
 *   hypervisor  releases the guest; another event if somebody else has asked meanwhile
 * </pre>
 */
final class ServiceVm implements Host {
    private final GuestInterrupts interrupts;
    private final int service;

    /** Those that wait for their answers, by number, in the order in which they asked. */
    private int[] asking = new int[8];

    private int first;
    private int count;

    /** Whether it has called before: it can take events. */
    private boolean ready;

    /** @param service the VM's virtual processor */
    ServiceVm(GuestInterrupts interrupts, Vcpu service) {
        this.interrupts = interrupts;
        this.service = service.number();
        service.expectInterrupts(true);
    }

    @Override
    public boolean answer(int core, Vcpu guest, Program program) {
        if (guest.number() == service) {
            return true;
        }
        guest.counts().countHostPassage();
        add(guest.number());
        if (count == 1 && ready) {
            interrupts.raise(program, core, service, Interrupts.EVENT_VECTOR);
        }
        return false;
    }

    @Override
    public void interrupt(int core, Vcpu guest, Program program) {
        // drivers of devices, which are not modelled, are the service VM's; timers are the hypervisor's own
    }

    /** From the service VM: it is ready, or here is the answer for who has asked first. */
    @Override
    public boolean takesCall(int core, Vcpu caller, Program program) {
        if (caller.number() != service) {
            return false;
        }
        if (ready) {
            interrupts.release(program, core, take());
        }
        ready = true;
        if (count > 0) {
            interrupts.raise(program, core, service, Interrupts.EVENT_VECTOR);
        }
        return true;
    }

    private void add(int vcpu) {
        if (count == asking.length) {
            int[] more = new int[2 * count];
            for (int i = 0; i < count; i++) {
                more[i] = asking[(first + i) % count];
            }
            asking = more;
            first = 0;
        }
        asking[(first + count++) % asking.length] = vcpu;
    }

    private int take() {
        int vcpu = asking[first];
        first = (first + 1) % asking.length;
        count--;
        return vcpu;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        asking = snapshot.transferResized(asking);
        first = snapshot.transfer(first);
        count = snapshot.transfer(count);
        ready = snapshot.transfer(ready);
    }
}

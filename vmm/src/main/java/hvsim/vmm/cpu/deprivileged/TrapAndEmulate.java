package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Program;
import hvsim.cpu.Trap;
import hvsim.cpu.Vcpu;
import hvsim.cpu.state.Registers;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.Platform;
import hvsim.vmm.interrupt.BouncedApic;
import hvsim.vmm.interrupt.GuestApic;
import hvsim.vmm.memory.filled.SoftwareFilledMemory;
import java.util.List;

/**
 * Guests run deprivileged, at CPL 3, or their kernels at CPL 1; what those may not do there faults into the hypervisor,
 * which does it on registers that it keeps for them. What executes there with another result, nobody corrects.
 */
public final class TrapAndEmulate extends Deprivileged {
    /** Time is the guest's own: RDTSC traps. No page is global, for the guest's kernel is a user to the processor. */
    private static final long CR4 = Registers.CR4_PAE | Registers.CR4_TSD;

    public TrapAndEmulate(Platform platform, DeprivilegedSpec spec) {
        super(platform, spec, apics(platform.guests()), CR4);
        keepTables((ofVm, parts) -> ofVm.get(0).memory() instanceof SoftwareFilledMemory filled
                ? new SoftwareFill(platform.memory(), filled, ofVm, parts)
                : new ShadowTraps(ofVm, parts));
    }

    private static List<GuestApic> apics(List<Guest> guests) {
        return guests.stream()
                .<GuestApic>map(guest -> new BouncedApic(guest.vcpu(), guest.number()))
                .toList();
    }

    /** The shadow tables of a virtual processor's VM. */
    ShadowTraps shadowOf(Vcpu vcpu) {
        return (ShadowTraps) pagingOf(vcpu);
    }

    @Override
    public void runKernelCode(int core) {
        throw new IllegalStateException("kernels are executed as they stand");
    }

    @Override
    boolean call(int core, Trap trap, Program program) {
        throw new IllegalStateException("nothing is offered to call");
    }
}

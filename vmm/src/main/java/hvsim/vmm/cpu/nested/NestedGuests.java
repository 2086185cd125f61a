package hvsim.vmm.cpu.nested;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.cpu.VmExit;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.cpu.exit.GuestSetup;
import hvsim.vmm.interrupt.GuestApic;
import hvsim.vmm.interrupt.NestedInterrupts;
import hvsim.vmm.memory.Frames;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The VMs whose guests are hypervisors, by the virtual processors that these run on. */
public final class NestedGuests {
    private final List<Core> cores;
    private final PhysicalMemory memory;
    private final Frames frames;
    private final HypervisorImage image;
    private final boolean shadowing;
    private final int firstVpid;
    private final TreeMap<Integer, GuestHypervisor> hypervisors = new TreeMap<>();
    private final TreeMap<Integer, NestedVmx> byVcpu = new TreeMap<>();

    /**
     * Those virtual processors go on as the guest hypervisors', which have powered up and are set up but for their
     * memory and their local APICs.
     *
     * @param frames of the machine's hypervisor
     * @param guests all virtual processors, by their numbers
     */
    public NestedGuests(
            List<Core> cores,
            PhysicalMemory memory,
            Frames frames,
            HypervisorImage image,
            HardwareSpec spec,
            List<Guest> guests) {
        this.cores = cores;
        this.memory = memory;
        this.frames = frames;
        this.image = image;
        this.shadowing = spec.has(HardwareSpec.Feature.VMCS_SHADOWING);
        this.firstVpid = guests.size() + 1;
        for (Guest guest : guests) {
            if (guest.ownHypervisor().isPresent() && guest.number() == 0) {
                powerUp(
                        guests.stream()
                                .filter(other -> other.memory() == guest.memory())
                                .toList(),
                        spec);
            }
        }
    }

    private void powerUp(List<Guest> vm, HardwareSpec spec) {
        NestedInterrupts interrupts =
                new NestedInterrupts(cores, vm.stream().map(Guest::vcpu).toList());
        GuestHypervisor hypervisor = new GuestHypervisor(memory, vm, interrupts);
        GuestSetup setup = new GuestSetup(memory, frames, LongUnaryOperator.identity(), spec, image);
        for (Guest guest : vm) {
            guest.vcpu().levels().addGuestHypervisor();
            guest.vcpu().levels().enterGuestHypervisor();
            hypervisor.loadRegisters(guest.vcpu().registers());
            setup.setUp(guest);
            hypervisors.put(guest.vcpu().number(), hypervisor);
        }
    }

    public boolean has(Guest guest) {
        return hypervisors.containsKey(guest.vcpu().number());
    }

    /** The local APICs of the guest hypervisor that has this processor, and all others of the VM. */
    public List<GuestApic> apics(Guest guest) {
        return hypervisor(guest).interrupts().setUpOwn();
    }

    /** A virtual processor that has all but its guest's VMCS goes on as the guest's. */
    public void launch(Guest guest, ComposedExits exits) {
        int number = guest.vcpu().number();
        byVcpu.put(
                number,
                new NestedVmx(
                        guest,
                        firstVpid + number,
                        exits.composedPointer(),
                        hypervisor(guest),
                        image,
                        shadowing ? new ShadowVmcs(memory, frames) : null));
    }

    private GuestHypervisor hypervisor(Guest guest) {
        GuestHypervisor hypervisor = hypervisors.get(guest.vcpu().number());
        if (hypervisor == null) {
            throw new IllegalArgumentException(guest.vcpu().name() + "'s guest is no hypervisor");
        }
        return hypervisor;
    }

    /** The virtual VMX operation that an exit has to do with, or null if the machine's hypervisor keeps it. */
    @Nullable
    public NestedVmx concernedBy(VmExit exit) {
        NestedVmx vmx = byVcpu.get(exit.vcpu().number());
        return vmx != null && vmx.takes(exit) ? vmx : null;
    }

    /** Before an entry of who is loaded on a core: an interrupt of a guest hypervisor exits to that first. */
    public void takeInterrupt(int core, Program program) {
        NestedVmx vmx = byVcpu.get(cores.get(core).vcpu().number());
        if (vmx != null) {
            vmx.takeInterrupt(cores.get(core), core, program);
        }
    }

    /** A virtual processor comes from one core to another, where it may have been before. */
    public void move(Vcpu vcpu, Core from, Core to) {
        NestedVmx vmx = byVcpu.get(vcpu.number());
        if (vmx != null) {
            vmx.move(from, to);
        }
    }

    public void transfer(Snapshot snapshot) {
        byVcpu.values().forEach(vmx -> vmx.transfer(snapshot));
        hypervisors.values().stream().distinct().forEach(hypervisor -> hypervisor.transfer(snapshot));
    }
}

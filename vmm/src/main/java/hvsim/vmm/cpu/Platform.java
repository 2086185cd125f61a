package hvsim.vmm.cpu;

import hvsim.cpu.Core;
import hvsim.cpu.Vcpu;
import hvsim.ept.PhysicalMemory;
import hvsim.vmm.host.HostSpec;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;

/**
 * What a hypervisor finds where it starts.
 *
 * @param pageLevels of its own tables in root mode
 * @param frames of its own, for what all cores share
 * @param host where it runs
 * @param guests all virtual processors, by their numbers
 */
public record Platform(
        List<Core> cores,
        PhysicalMemory memory,
        int pageLevels,
        Frames frames,
        HostSpec host,
        List<Guest> guests,
        Scheduler scheduler) {
    public Platform {
        cores = List.copyOf(cores);
        guests = List.copyOf(guests);
    }

    /** By their numbers. */
    public List<Vcpu> vcpus() {
        return guests.stream().map(Guest::vcpu).toList();
    }

    /** All virtual processors of a guest's VM, by their numbers. */
    public List<Guest> ofVm(Guest guest) {
        return guests.stream().filter(other -> other.memory() == guest.memory()).toList();
    }
}

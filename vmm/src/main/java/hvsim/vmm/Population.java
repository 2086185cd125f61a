package hvsim.vmm;

import hvsim.cpu.OpStream;
import hvsim.cpu.Vcpu;
import hvsim.ept.PhysicalMemory;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HypervisorSpec;
import hvsim.vmm.cpu.ParavirtualSpec;
import hvsim.vmm.kernel.KernelChange;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MachineFrames;
import hvsim.vmm.memory.MemoryTechnique;
import hvsim.vmm.memory.NativeMemory;
import hvsim.vmm.memory.direct.DirectMemory;
import hvsim.vmm.schedule.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The VMs of a machine and their virtual processors, which have one number after the other. */
final class Population {
    private final List<Vm> vms = new ArrayList<>();
    private final List<HostCore.Seat> seats = new ArrayList<>();

    /** The one program of a bare machine. */
    void addBare(MachineSpec spec, PhysicalMemory memory) {
        VmSpec only = spec.vms().get(0);
        add(only, new NativeMemory(memory, only.mode().tables(spec.pageLevels())), Optional.empty());
    }

    /** A VM's memory, and the hypervisor's tables of it, are near the core where its first virtual processor starts. */
    List<Guest> addGuests(
            MachineSpec spec,
            HypervisorSpec hypervisor,
            PhysicalMemory memory,
            MachineFrames frames,
            Scheduler scheduler) {
        MemoryTechniques techniques = new MemoryTechniques(hypervisor, memory, frames, spec.pageLevels());
        List<Guest> guests = new ArrayList<>();
        for (VmSpec vm : spec.allVms()) {
            int socket = spec.socketOf(scheduler.coreOf(guests.size()));
            Frames tables = frames.ofHypervisor(socket);
            MemoryTechnique itsMemory = techniques.of(vm, frames.of(vms.size() + 1, socket), tables);
            for (Vcpu vcpu : add(vm, itsMemory, change(hypervisor, itsMemory))) {
                int number = vcpu.number();
                Frames near = frames.ofHypervisor(spec.socketOf(scheduler.coreOf(number)));
                int inVm = seats.get(number).number();
                guests.add(new Guest(vcpu, itsMemory, inVm, number + 1, near, vm.ownHypervisor()));
            }
        }
        return guests;
    }

    private static Optional<KernelChange> change(HypervisorSpec hypervisor, MemoryTechnique itsMemory) {
        return hypervisor instanceof ParavirtualSpec spec && itsMemory instanceof DirectMemory direct
                ? Optional.of(new KernelChange(direct, spec.batch()))
                : Optional.empty();
    }

    private List<Vcpu> add(VmSpec spec, MemoryTechnique itsMemory, Optional<KernelChange> change) {
        List<Vcpu> vcpus = new ArrayList<>();
        int[] operationCycles =
                spec.operationCycles().stream().mapToInt(Integer::intValue).toArray();
        for (int i = 0; i < spec.vcpus().size(); i++) {
            String name = spec.vcpus().size() == 1 ? spec.name() : spec.name() + "/" + i;
            OpStream workload = spec.vcpus().get(i).workload();
            OpStream program = change.map(its -> its.program(workload)).orElse(workload);
            vcpus.add(new Vcpu(seats.size() + i, name, program, operationCycles));
        }
        Vm vm = change.map(its -> new Vm(spec, vcpus, its)).orElseGet(() -> new Vm(spec, vcpus, itsMemory));
        vms.add(vm);
        for (int i = 0; i < vcpus.size(); i++) {
            seats.add(new HostCore.Seat(vm, i));
        }
        return vcpus;
    }

    /** By the order of their making. */
    List<Vm> vms() {
        return vms;
    }

    /** By the numbers of virtual processors. */
    List<HostCore.Seat> seats() {
        return seats;
    }

    List<Vcpu> vcpus() {
        return seats.stream().map(seat -> seat.counts().vcpu()).toList();
    }
}

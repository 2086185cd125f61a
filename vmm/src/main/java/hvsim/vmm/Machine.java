package hvsim.vmm;

import hvsim.cpu.Core;
import hvsim.cpu.RunOutcome;
import hvsim.cpu.Vcpu;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.cache.SocketCaches;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.CpuTechnique;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HardwareAssisted;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.NativeCpu;
import hvsim.vmm.cpu.Turns;
import hvsim.vmm.memory.FrameAllocator;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.NativeMemory;
import hvsim.vmm.memory.NestedMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A host with a core, its hypervisor if it has one, and its VMs: one deterministic loop. */
public final class Machine {
    private static final int HYPERVISOR = 0;

    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final Optional<SocketCaches> caches;
    private final Core core;
    private final List<Vm> vms = new ArrayList<>();
    private final Turns turns;
    private final CpuTechnique technique;
    private CoreCounts settled = CoreCounts.ZERO;
    private boolean done;

    public Machine(MachineSpec spec) {
        memory = new PhysicalMemory(spec.memoryBytes());
        frames = new FrameAllocator(spec.memoryBytes(), "the machine's memory");
        caches = spec.core().caches().map(SocketCaches::new);
        core = new Core(
                spec.core(), memory, caches.map(SocketCaches::newCore).orElse(null));
        if (spec.hypervisor().isPresent()) {
            technique = virtualize(spec, spec.hypervisor().get());
        } else {
            VmSpec only = spec.vms().get(0);
            vms.add(new Vm(
                    only,
                    new Vcpu(only.name(), only.workload(), only.operationCycles()),
                    new NativeMemory(memory, spec.pageLevels())));
            technique = new NativeCpu(core);
        }
        turns = new Turns(vms.stream().map(Vm::vcpu).toList());
        technique.start(turns);
    }

    private CpuTechnique virtualize(MachineSpec spec, HardwareSpec hypervisor) {
        Frames own = new Frames(frames, HYPERVISOR);
        List<Guest> guests = new ArrayList<>();
        for (VmSpec vm : spec.vms()) {
            int number = guests.size() + 1;
            NestedMemory nested = new NestedMemory(
                    memory,
                    spec.pageLevels(),
                    frames,
                    new Frames(frames, number),
                    own,
                    vm.hostPage(),
                    vm.memoryBytes());
            Vcpu vcpu = new Vcpu(vm.name(), vm.workload(), vm.operationCycles());
            vms.add(new Vm(vm, vcpu, nested));
            guests.add(new Guest(vcpu, nested, number));
        }
        return new HardwareAssisted(core, memory, spec.pageLevels(), own, hypervisor, guests);
    }

    /**
     * Goes on until the clock reaches {@code until} or every program has ended.
     *
     * @return whether every program has ended
     */
    public boolean run(long until) {
        while (!done && core.clock() < until) {
            Vm vm = current();
            RunOutcome outcome = core.run(until);
            switch (outcome) {
                case UNTIL -> {}
                case VM_EXIT -> technique.handleExit();
                case EXCEPTION ->
                    vm.kernel().exception(core.requestedVector(), core.requestedGva(), core.isRequestedFault());
                case KERNEL_EVENT -> vm.kernel().event(core.requestedEvent(), core.requestedOperand());
                case PREMAP -> vm.kernel().premap(core.requestedGva());
                case MARK -> startCounting(vm);
                case PROGRAM_END -> end();
            }
            if (core.vcpu() != vm.vcpu()) {
                settle(vm);
            }
        }
        settle(current());
        return done;
    }

    private Vm current() {
        for (Vm vm : vms) {
            if (vm.vcpu() == core.vcpu()) {
                return vm;
            }
        }
        throw new IllegalStateException("the core runs nobody");
    }

    private void end() {
        if (turns.allEnded()) {
            done = true;
        } else {
            technique.switchTo(turns.next());
        }
    }

    /** What was counted so far, for all VMs, was the warm-up. */
    public void startCounting() {
        vms.forEach(this::startCounting);
    }

    private void startCounting(Vm vm) {
        settle(vm);
        vm.startCounting();
    }

    /** What the core counted since the last time was for that VM. */
    private void settle(Vm vm) {
        CoreCounts now = CoreCounts.of(core);
        vm.add(now.minus(settled));
        settled = now;
    }

    public long clock() {
        return core.clock();
    }

    public List<Vm> vms() {
        return List.copyOf(vms);
    }

    public Core core() {
        return core;
    }

    /**
     * Sums that must agree, whatever was simulated.
     *
     * @throws IllegalStateException if they do not: a fault of the simulator
     */
    public void checkSums() {
        long spent = vms.stream().mapToLong(Vm::allCycles).sum();
        if (spent != core.clock()) {
            throw new IllegalStateException("the parts add up to " + spent + " cycles of " + core.clock());
        }
        if (!core.transitions().entriesAndExitsAgree()) {
            throw new IllegalStateException("VM entries and VM exits do not agree");
        }
    }

    /** Writes or reads the whole state; the machine must be of the same specification. */
    public void transfer(Snapshot snapshot) {
        memory.transfer(snapshot);
        frames.transfer(snapshot);
        caches.ifPresent(shared -> shared.transfer(snapshot));
        core.transfer(snapshot);
        vms.forEach(vm -> vm.transfer(snapshot));
        turns.transfer(snapshot);
        technique.transfer(snapshot);
        settled = CoreCounts.transfer(settled, snapshot);
        done = snapshot.transfer(done);
        core.load(turns.current());
        core.transitions().transferExit(snapshot, vms.stream().map(Vm::vcpu).toList());
    }
}

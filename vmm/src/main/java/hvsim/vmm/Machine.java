package hvsim.vmm;

import hvsim.cpu.Core;
import hvsim.cpu.Vcpu;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.CpuTechnique;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HypervisorSpec;
import hvsim.vmm.cpu.NativeCpu;
import hvsim.vmm.cpu.Platform;
import hvsim.vmm.device.DeviceSetup;
import hvsim.vmm.device.DeviceStats;
import hvsim.vmm.device.MachineDevices;
import hvsim.vmm.device.VmDevice;
import hvsim.vmm.kernel.StuckException;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MachineFrames;
import hvsim.vmm.memory.RegisterWindow;
import hvsim.vmm.schedule.Candidate;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.Scheduler;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A host with its cores, its hypervisor if it has one, and its VMs: one deterministic loop. Of all cores the one with
 * the smallest clock goes on, the first of several, no further than where another core could reach it.
 */
public final class Machine {
    private final PhysicalMemory memory;
    private final MachineFrames frames;
    private final Sockets sockets;
    private final List<Vm> vms;
    private final List<HostCore.Seat> seats;
    private final HostCore[] cores;
    private final Scheduler scheduler;
    private final CpuTechnique technique;
    private final MachineDevices devices;
    private final long lookaheadCycles;
    private final int guestVms;

    public Machine(MachineSpec spec) {
        memory = new PhysicalMemory(spec.memoryBytes());
        frames = new MachineFrames(spec.sockets(), spec.socketMemoryBytes());
        sockets = new Sockets(spec);
        List<Core> all = cores(spec);
        List<Candidate> candidates = spec.allVms().stream()
                .flatMap(vm -> vm.vcpus().stream().map(VmSpec.VcpuSpec::candidate))
                .toList();
        Population population = new Population();
        vms = population.vms();
        seats = population.seats();
        if (spec.hypervisor().isPresent()) {
            HypervisorSpec hypervisor = spec.hypervisor().get();
            scheduler = new Scheduler(hypervisor.scheduler().policy(), spec.cores(), candidates);
            Frames own = frames.ofHypervisor(0);
            List<Guest> guests = population.addGuests(spec, hypervisor, memory, frames, scheduler);
            Platform platform = new Platform(all, memory, spec.pageLevels(), own, spec.host(), guests, scheduler);
            DeviceSetup setup = devices(spec, all);
            technique = CpuTechniques.of(hypervisor, platform, setup);
            devices = give(setup);
        } else {
            population.addBare(spec, memory);
            scheduler = new Scheduler(Policy.ROUND_ROBIN, spec.cores(), candidates);
            DeviceSetup setup = devices(spec, all);
            setup.drive();
            technique = new NativeCpu(all, population.vcpus(), scheduler, !setup.isEmpty());
            devices = give(setup);
        }
        technique.start();
        cores = new HostCore[spec.cores()];
        InterruptRouter router = new InterruptRouter(all, spec.core().costs().interprocessorInterrupt());
        for (int i = 0; i < cores.length; i++) {
            cores[i] = new HostCore(i, all.get(i), technique, scheduler, router, seats, devices);
        }
        lookaheadCycles = spec.lookaheadCycles();
        guestVms = spec.vms().size();
    }

    private DeviceSetup devices(MachineSpec spec, List<Core> all) {
        DeviceSetup setup = new DeviceSetup(memory, spec.devices(), all);
        vms.forEach(vm -> vm.use(setup, scheduler));
        if (!setup.isEmpty()) {
            all.forEach(core -> core.setFirstRegister(RegisterWindow.first(memory.sizeBytes())));
        }
        return setup;
    }

    /** The VMs get the devices that were set up for them. */
    private MachineDevices give(DeviceSetup setup) {
        Iterator<VmDevice> all = setup.vmDevices().iterator();
        for (Vm vm : vms) {
            vm.setDevices(vm.spec().devices().stream().map(use -> all.next()).toList());
        }
        return setup.machineDevices();
    }

    private List<Core> cores(MachineSpec spec) {
        List<Core> all = new ArrayList<>();
        for (int i = 0; i < spec.cores(); i++) {
            all.add(new Core(spec.core(), memory, i, sockets.cachesOf(i)));
        }
        return all;
    }

    private List<Vcpu> vcpus() {
        return seats.stream().map(seat -> seat.counts().vcpu()).toList();
    }

    /**
     * Goes on until all clocks reach {@code until} or every program has ended. Of several cores some may get further,
     * by the lookahead.
     *
     * @return whether every program has ended
     * @throws StuckException if virtual processors wait for what cannot come
     */
    public boolean run(long until) {
        boolean goesOn = !scheduler.allEnded();
        while (goesOn) {
            goesOn = step(until) && !scheduler.allEnded();
        }
        for (HostCore core : cores) {
            core.settle();
        }
        return scheduler.allEnded();
    }

    /**
     * The core that is the furthest behind goes on, or what happens next to a device comes about: how far does not depend on {@code until} while there are others, or
     * looking at a machine in between would change what it does. Returns false if no core is behind {@code until}.
     */
    private boolean step(long until) {
        HostCore behind = cores[0];
        long first = behind.nextCycle();
        long second = Scheduler.NEVER;
        for (int i = 1; i < cores.length; i++) {
            long next = cores[i].nextCycle();
            if (next < first) {
                second = first;
                first = next;
                behind = cores[i];
            } else if (next < second) {
                second = next;
            }
        }
        long event = devices.nextEventCycle();
        if (event < first) {
            if (event < until) {
                devices.advance();
            }
            return event < until;
        }
        second = Math.min(second, event);
        if (first >= until) {
            if (first == Scheduler.NEVER) {
                throw new StuckException(waiting() + " wait by HLT or for a start-up interrupt, and neither a timer nor"
                        + " an interrupt is on its way that could wake one");
            }
            return false;
        }
        behind.step(second == Scheduler.NEVER ? until : second + lookaheadCycles);
        return true;
    }

    /** Those that have not ended, by name. */
    private String waiting() {
        return vms().stream()
                .flatMap(vm -> vm.vcpus().stream())
                .map(VcpuCounts::vcpu)
                .filter(vcpu -> !vcpu.hasEnded())
                .map(Vcpu::name)
                .collect(Collectors.joining(", "));
    }

    /** What was counted so far, for all VMs, was the warm-up. */
    public void startCounting() {
        for (HostCore core : cores) {
            core.settle();
        }
        for (int vcpu = 0; vcpu < seats.size(); vcpu++) {
            seats.get(vcpu).counts().startCounting();
            scheduler.clearCounts(vcpu);
        }
        vms.forEach(vm -> vm.startCountingDevices(clock()));
    }

    /** The furthest that all cores have come which have something to run. */
    public long clock() {
        long least = Scheduler.NEVER;
        long most = 0;
        for (HostCore core : cores) {
            least = Math.min(least, core.nextCycle());
            most = Math.max(most, core.core().clock());
        }
        long next = Math.min(least, devices.nextEventCycle());
        return least == Scheduler.NEVER ? next == Scheduler.NEVER ? most : Math.max(most, next) : least;
    }

    /** The guests. */
    public List<Vm> vms() {
        return List.copyOf(vms.subList(0, guestVms));
    }

    /** The VM that answers for the others, where there is one. */
    public Optional<Vm> serviceVm() {
        return vms.stream().skip(guestVms).findFirst();
    }

    public int cores() {
        return cores.length;
    }

    public Core core(int number) {
        return cores[number].core();
    }

    /** Cycles in which a VM's virtual processors could have run, but others did. */
    public long waitingCycles(Vm vm) {
        return vm.vcpus().stream()
                .mapToLong(counts -> scheduler.waitedCycles(counts.vcpu().number()))
                .sum();
    }

    /** What was counted of the devices that a VM uses, by name. */
    public Map<String, DeviceStats> deviceStats(Vm vm) {
        Map<String, DeviceStats> all = new LinkedHashMap<>();
        vm.devices().forEach(device -> all.put(device.name(), device.stats(clock())));
        return all;
    }

    PhysicalMemory memory() {
        return memory;
    }

    /** What the audit of a VM found that is not its own, one sentence each. */
    public List<String> violations(Vm vm) {
        return Isolation.violations(vm, technique);
    }

    /** Longest time that the hypervisor was without control of a core. */
    public long lostControlCycles() {
        long most = 0;
        for (HostCore core : cores) {
            most = Math.max(most, core.core().transitions().lostControlCycles());
        }
        return most;
    }

    /**
     * Sums that must agree, whatever was simulated.
     *
     * @throws IllegalStateException if they do not: a fault of the simulator
     */
    public void checkSums() {
        long spent = seats.stream().mapToLong(seat -> seat.counts().allCycles()).sum();
        long passed = 0;
        for (HostCore core : cores) {
            passed += core.core().clock();
            if (!core.core().transitions().entriesAndExitsAgree()) {
                throw new IllegalStateException("VM entries and VM exits do not agree");
            }
        }
        if (spent != passed) {
            throw new IllegalStateException("the parts add up to " + spent + " cycles of " + passed);
        }
    }

    /** Writes or reads the whole state; the machine must be of the same specification. */
    public void transfer(Snapshot snapshot) {
        memory.transfer(snapshot);
        frames.transfer(snapshot);
        sockets.transfer(snapshot);
        vms.forEach(vm -> vm.transfer(snapshot));
        scheduler.transfer(snapshot);
        technique.transfer(snapshot);
        devices.transfer(snapshot);
        List<Vcpu> all = vcpus();
        for (HostCore core : cores) {
            core.transfer(snapshot);
            int loaded = snapshot.transfer(core.core().vcpu().number());
            if (loaded != Scheduler.NONE) {
                core.core().load(all.get(loaded));
            }
            core.core().transitions().transferExit(snapshot, all);
        }
    }
}

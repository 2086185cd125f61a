package hvsim.vmm;

import hvsim.cpu.Core;
import hvsim.cpu.OpStream;
import hvsim.cpu.Vcpu;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.CpuTechnique;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HypervisorSpec;
import hvsim.vmm.cpu.NativeCpu;
import hvsim.vmm.cpu.ParavirtualSpec;
import hvsim.vmm.cpu.TranslatingSpec;
import hvsim.vmm.cpu.deprivileged.BinaryTranslation;
import hvsim.vmm.cpu.deprivileged.Paravirtual;
import hvsim.vmm.cpu.deprivileged.TrapAndEmulate;
import hvsim.vmm.cpu.hardware.HardwareAssisted;
import hvsim.vmm.kernel.ChangedProgram;
import hvsim.vmm.kernel.KernelChange;
import hvsim.vmm.kernel.StuckException;
import hvsim.vmm.memory.ComposedMemory;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MachineFrames;
import hvsim.vmm.memory.MemoryMap;
import hvsim.vmm.memory.MemoryTechnique;
import hvsim.vmm.memory.NativeMemory;
import hvsim.vmm.memory.NestedMemory;
import hvsim.vmm.memory.direct.DirectMemory;
import hvsim.vmm.memory.filled.SoftwareFilledMemory;
import hvsim.vmm.memory.shadow.ShadowMemory;
import hvsim.vmm.schedule.Candidate;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.Scheduler;
import java.util.ArrayList;
import java.util.List;
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
    private final List<Vm> vms = new ArrayList<>();
    private final List<HostCore.Seat> seats = new ArrayList<>();
    private final HostCore[] cores;
    private final Scheduler scheduler;
    private final CpuTechnique technique;
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
        if (spec.hypervisor().isPresent()) {
            HypervisorSpec hypervisor = spec.hypervisor().get();
            scheduler = new Scheduler(hypervisor.scheduler().policy(), spec.cores(), candidates);
            Frames own = frames.ofHypervisor(0);
            List<Guest> guests = guests(spec, hypervisor);
            technique = technique(hypervisor, all, spec, own, guests);
        } else {
            VmSpec only = spec.vms().get(0);
            add(only, new NativeMemory(memory, only.mode().tables(spec.pageLevels())), Optional.empty());
            scheduler = new Scheduler(Policy.ROUND_ROBIN, spec.cores(), candidates);
            technique = new NativeCpu(all, vcpus(), scheduler);
        }
        technique.start();
        cores = new HostCore[spec.cores()];
        InterruptRouter router = new InterruptRouter(all, spec.core().costs().interprocessorInterrupt());
        for (int i = 0; i < cores.length; i++) {
            cores[i] = new HostCore(i, all.get(i), technique, scheduler, router, seats);
        }
        lookaheadCycles = spec.lookaheadCycles();
        guestVms = spec.vms().size();
    }

    private CpuTechnique technique(
            HypervisorSpec hypervisor, List<Core> all, MachineSpec spec, Frames own, List<Guest> guests) {
        if (hypervisor instanceof HardwareSpec hardware) {
            return new HardwareAssisted(all, memory, spec.pageLevels(), own, hardware, spec.host(), guests, scheduler);
        }
        if (hypervisor instanceof ParavirtualSpec paravirtual) {
            return new Paravirtual(all, memory, own, paravirtual, spec.host(), guests, scheduler);
        }
        return hypervisor instanceof TranslatingSpec translating
                ? new BinaryTranslation(all, memory, own, translating, spec.host(), guests, scheduler)
                : new TrapAndEmulate(all, memory, own, (DeprivilegedSpec) hypervisor, spec.host(), guests, scheduler);
    }

    private List<Core> cores(MachineSpec spec) {
        List<Core> all = new ArrayList<>();
        for (int i = 0; i < spec.cores(); i++) {
            all.add(new Core(spec.core(), memory, i, sockets.cachesOf(i)));
        }
        return all;
    }

    /** A VM's memory, and the hypervisor's tables of it, are near the core where its first virtual processor starts. */
    private List<Guest> guests(MachineSpec spec, HypervisorSpec hypervisor) {
        List<Guest> guests = new ArrayList<>();
        for (VmSpec vm : spec.allVms()) {
            int socket = spec.socketOf(scheduler.coreOf(guests.size()));
            Frames tables = frames.ofHypervisor(socket);
            Frames its = frames.of(vms.size() + 1, socket);
            Optional<KernelChange> change = hypervisor instanceof ParavirtualSpec paravirtual
                    ? Optional.of(change(spec, vm, its, tables, paravirtual))
                    : Optional.empty();
            MemoryTechnique itsMemory = change.<MemoryTechnique>map(KernelChange::memory)
                    .orElseGet(() -> memory(spec, vm, its, tables, hypervisor));
            List<Vcpu> vcpus = add(vm, itsMemory, change);
            for (int i = 0; i < vcpus.size(); i++) {
                int number = vcpus.get(i).number();
                Frames near = frames.ofHypervisor(spec.socketOf(scheduler.coreOf(number)));
                guests.add(new Guest(vcpus.get(i), itsMemory, i, number + 1, near, vm.ownHypervisor()));
            }
        }
        return guests;
    }

    private MemoryTechnique memory(MachineSpec spec, VmSpec vm, Frames its, Frames tables, HypervisorSpec hypervisor) {
        MemoryMap map = new MemoryMap(
                memory,
                spec.pageLevels(),
                vm.mode().tables(spec.pageLevels()),
                frames,
                its,
                tables,
                vm.hostPage(),
                vm.memoryBytes());
        if (vm.ownHypervisor().isPresent()) {
            return new ComposedMemory(
                    memory, map, tables, new ComposedMemory.Spec(vm.name(), vm.memoryBytes(), vm.hostPage()));
        }
        return hypervisor
                .shadow()
                .<MemoryTechnique>map(shadow -> new ShadowMemory(
                        memory,
                        map,
                        vm.mode().paging(spec.pageLevels()),
                        tables,
                        frames.ofHypervisor(0),
                        shadow,
                        vm.vcpus().size()))
                .orElseGet(() -> hypervisor instanceof HardwareSpec
                        ? new NestedMemory(map)
                        : new SoftwareFilledMemory(memory, map));
    }

    private KernelChange change(MachineSpec spec, VmSpec vm, Frames its, Frames tables, ParavirtualSpec hypervisor) {
        long bytes = vm.memoryBytes()
                + KernelChange.extraBytes(
                        vm.memoryBytes(), vm.kernel(), vm.vcpus().size());
        MemoryMap map = new MemoryMap(
                memory, spec.pageLevels(), TableLayout.FOUR_LEVEL, frames, its, tables, PageSize.SIZE_4K, bytes);
        return new KernelChange(new DirectMemory(memory, map, vm.vcpus().size()), hypervisor.batch());
    }

    private List<Vcpu> add(VmSpec spec, MemoryTechnique itsMemory, Optional<KernelChange> change) {
        List<Vcpu> vcpus = new ArrayList<>();
        int[] operationCycles =
                spec.operationCycles().stream().mapToInt(Integer::intValue).toArray();
        for (int i = 0; i < spec.vcpus().size(); i++) {
            String name = spec.vcpus().size() == 1 ? spec.name() : spec.name() + "/" + i;
            OpStream workload = spec.vcpus().get(i).workload();
            OpStream program = change.isPresent() ? new ChangedProgram(workload) : workload;
            vcpus.add(new Vcpu(seats.size() + i, name, program, operationCycles));
        }
        Vm vm = change.map(its -> new Vm(spec, vcpus, its)).orElseGet(() -> new Vm(spec, vcpus, itsMemory));
        vms.add(vm);
        for (int i = 0; i < vcpus.size(); i++) {
            seats.add(new HostCore.Seat(vm, i));
        }
        return vcpus;
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
     * The core that is the furthest behind goes on: how far does not depend on {@code until} while there are others, or
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
    }

    /** The furthest that all cores have come which have something to run. */
    public long clock() {
        long least = Scheduler.NEVER;
        long most = 0;
        for (HostCore core : cores) {
            least = Math.min(least, core.nextCycle());
            most = Math.max(most, core.core().clock());
        }
        return least == Scheduler.NEVER ? most : least;
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

package hvsim.vmm.cpu.hardware;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.Transitions;
import hvsim.cpu.Vcpu;
import hvsim.cpu.VmExit;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.tlb.Invalidation;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.CpuTechnique;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.cpu.Platform;
import hvsim.vmm.cpu.Turns;
import hvsim.vmm.cpu.exit.GuestSetup;
import hvsim.vmm.cpu.exit.Intercepts;
import hvsim.vmm.cpu.exit.PagingExits;
import hvsim.vmm.cpu.exit.TlbFlushes;
import hvsim.vmm.cpu.nested.ComposedExits;
import hvsim.vmm.cpu.nested.NestedGuests;
import hvsim.vmm.cpu.nested.NestedVmx;
import hvsim.vmm.device.DeviceSetup;
import hvsim.vmm.device.EmulatedDevices;
import hvsim.vmm.host.Applications;
import hvsim.vmm.host.Host;
import hvsim.vmm.host.HostSetup;
import hvsim.vmm.interrupt.ApicSetup;
import hvsim.vmm.interrupt.GuestApic;
import hvsim.vmm.interrupt.GuestInterrupts;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.schedule.Scheduler;
import java.util.ArrayList;
import java.util.List;

/** Guests run in non-root mode, their kernels at CPL 0; what the VMCS says comes back as a VM exit. */
public final class HardwareAssisted implements CpuTechnique {
    private final Platform platform;
    private final List<Core> cores;
    private final PhysicalMemory memory;
    private final HardwareSpec spec;
    private final HypervisorImage image;
    private final List<Guest> guests;
    private final Scheduler scheduler;
    private final NestedGuests nested;
    private final GuestInterrupts interrupts;
    private final Turns turns;
    private final Virtual8086 virtual8086;
    private final List<PagingExits> paging;
    private final List<ExitDispatcher> dispatchers;
    private final Applications applications;
    private final Host host;
    private final EmulatedDevices devices;

    public HardwareAssisted(Platform platform, HardwareSpec spec, DeviceSetup setup) {
        this.platform = platform;
        this.cores = platform.cores();
        this.memory = platform.memory();
        this.spec = spec;
        this.guests = platform.guests();
        this.scheduler = platform.scheduler();
        Frames frames = platform.frames();
        TableLayout tables = TableLayout.ofLevels(platform.pageLevels());
        this.image = new HypervisorImage(memory, tables, frames, guests);
        ApicSetup apics = new ApicSetup(memory, frames, spec.apicFeatures());
        this.virtual8086 = new Virtual8086(spec, guests.size());
        GuestSetup guestSetup = new GuestSetup(memory, frames, spec, image, apics);
        this.nested = new NestedGuests(cores, memory, frames, image, spec, guests);
        guests.stream().filter(guest -> !nested.has(guest)).forEach(guest -> setUp(guestSetup, guest));
        this.interrupts = interrupts(apics, setup);
        this.devices = setup.emulate(image, frames, interrupts);
        HostSetup hosts = new HostSetup(platform.host(), cores, memory, tables, image.space(), frames);
        this.applications = hosts.applications(scheduler, spec.scheduler().sliceCycles());
        this.turns = new Turns(cores, guests, scheduler, interrupts, image, applications, this::beginTurn);
        this.paging = new VmPaging(spec, image, new TlbFlushes(cores, scheduler, interrupts, image)).of(guests);
        guests.forEach(this::finish);
        this.host = hosts.host(interrupts, platform.vcpus(), image.layout().crossing());
        this.dispatchers = cores.stream()
                .map(core -> new ExitDispatcher(core, spec, image, this, turns, interrupts, devices, host))
                .toList();
    }

    private void setUp(GuestSetup setup, Guest guest) {
        setup.setUp(guest);
        virtual8086.setUp(guest);
    }

    private void finish(Guest guest) {
        PagingExits its = pagingOf(guest.vcpu().number());
        its.setUp(guest);
        if (its instanceof ComposedExits composed) {
            nested.launch(guest, composed);
        }
    }

    private GuestInterrupts interrupts(ApicSetup setup, DeviceSetup devices) {
        List<GuestApic> apics = new ArrayList<>();
        while (apics.size() < guests.size()) {
            Guest first = guests.get(apics.size());
            List<Vcpu> vm = platform.ofVm(first).stream().map(Guest::vcpu).toList();
            apics.addAll(nested.has(first) ? nested.apics(first) : setup.setUp(vm));
            boolean waits = (vm.size() > 1 || devices.has(vm.get(0))) && spec.has(HardwareSpec.Feature.HLT_EXITING);
            vm.forEach(vcpu -> vcpu.expectInterrupts(waits));
        }
        return new GuestInterrupts(
                cores,
                platform.vcpus(),
                apics,
                scheduler,
                spec.has(HardwareSpec.Feature.PREEMPTION_TIMER),
                cores.get(0).costs().interprocessorInterrupt(),
                spec.handlers().timerAdvanceCycles());
    }

    @Override
    public void start() {
        for (int core = 0; core < cores.size(); core++) {
            cores.get(core).transitions().startRoot(image.cr3(), image.cr4());
            cores.get(core).events().letHostTakeInterrupts();
            resumeNext(core);
        }
    }

    @Override
    public void handleExit(int core) {
        VmExit exit = cores.get(core).transitions().exit();
        NestedVmx vmx = nested.concernedBy(exit);
        if (vmx == null) {
            dispatchers.get(core).handle(core, exit);
        } else {
            Program program = dispatchers.get(core).beginNested(core, exit);
            vmx.handle(cores, core, exit, program);
            resume(core, program, true);
        }
    }

    @Override
    public void end(int core) {
        turns.end(core);
        resumeNext(core);
    }

    @Override
    public void wake(int core, long cycle) {
        Program program = cores.get(core).transitions().hostProgram().clear();
        turns.awake(core, program, cycle);
        resume(core, program, turns.add(core, program, cycle));
    }

    @Override
    public void runKernelCode(int core) {
        throw new IllegalStateException("kernels are executed as they stand");
    }

    @Override
    public void handleInterrupt(int core) {
        Program program = cores.get(core).transitions().hostProgram().clear();
        boolean isSliceOver = turns.takeInterrupts(core, program);
        resume(core, program, !isSliceOver || turns.addNext(core, program));
    }

    @Override
    public void isAlone(Vcpu vcpu, int by) {
        interrupts.isAlone(vcpu.number(), by);
    }

    private void resumeNext(int core) {
        wake(core, cores.get(core).clock());
    }

    /** The end of a host's program: the entry of who is loaded, if anybody is there to run. */
    void resume(int core, Program program, boolean goesOn) {
        if (goesOn && turns.goesOn(core, program)) {
            enter(core, program);
        } else {
            interrupts.idle(core);
        }
    }

    private void enter(int core, Program program) {
        nested.takeInterrupt(core, program);
        long due = interrupts.enter(core, cores.get(core).vcpu().number());
        if (due > cores.get(core).clock()) {
            image.addWait(program, due);
        }
        image.addResume(program);
    }

    private void beginTurn(int core, Guest guest, Program program) {
        int vcpu = guest.vcpu().number();
        image.addWorldSwitch(program, vcpu);
        if (scheduler.ranOn(vcpu) != core) {
            moveTo(cores.get(core), guest, program);
        }
        startSlice(core, guest);
    }

    private void startSlice(int core, Guest guest) {
        long slice = spec.scheduler().sliceCycles();
        if (spec.has(HardwareSpec.Feature.PREEMPTION_TIMER)) {
            guest.vcpu().vmcs().write(VmcsField.PREEMPTION_TIMER_VALUE, slice >>> Transitions.PREEMPTION_TIMER_SHIFT);
        } else {
            interrupts.endSliceAt(core, cores.get(core).clock() + slice);
        }
    }

    /**
     * A virtual processor comes from another core. What this one still holds of its translations may be stale, as the
     * guest invalidates only where it runs (SDM vol. 3, 28.3.3.3).
     */
    private void moveTo(Core core, Guest guest, Program program) {
        int from = scheduler.ranOn(guest.vcpu().number());
        if (from == Scheduler.NONE) {
            return;
        }
        guest.vcpu().retention().forget();
        nested.move(guest.vcpu(), cores.get(from), core);
        core.mmu().invalidate(Invalidation.invvpidContext(guest.vcpu().vmcs().effectiveVpid()));
        image.addMove(program);
    }

    /** What is done about guests in real-address mode that run in virtual-8086 mode. */
    Virtual8086 virtual8086() {
        return virtual8086;
    }

    /** What is done about exits that a virtual processor's memory leads to. */
    PagingExits pagingOf(int vcpu) {
        return paging.get(vcpu);
    }

    @Override
    public boolean sleepsLightly() {
        return true;
    }

    @Override
    public String audit(Vcpu vcpu) {
        return Intercepts.audit(memory, vcpu.vmcs());
    }

    @Override
    public void transfer(Snapshot snapshot) {
        interrupts.transfer(snapshot);
        nested.transfer(snapshot);
        virtual8086.transfer(snapshot);
        applications.transfer(snapshot);
        host.transfer(snapshot);
        devices.transfer(snapshot);
    }
}

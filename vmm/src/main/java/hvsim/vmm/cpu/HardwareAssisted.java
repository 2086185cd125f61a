package hvsim.vmm.cpu;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.Transitions;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.VectorSet;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Invalidation;
import hvsim.tlb.Snapshot;
import hvsim.vmm.interrupt.ApicSetup;
import hvsim.vmm.interrupt.GuestApic;
import hvsim.vmm.interrupt.GuestInterrupts;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MemoryTechnique;
import hvsim.vmm.schedule.Scheduler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Guests run in non-root mode, their kernels at CPL 0; what the VMCS says comes back as a VM exit. */
public final class HardwareAssisted implements CpuTechnique {
    private final List<Core> cores;
    private final HardwareSpec spec;
    private final HypervisorImage image;
    private final List<Guest> guests;
    private final Scheduler scheduler;
    private final GuestInterrupts interrupts;
    private final List<PagingExits> paging;
    private final List<ExitDispatcher> dispatchers;
    private final @Nullable HostProcess process;

    /**
     * @param pageLevels of the hypervisor's own tables
     * @param frames of the hypervisor, for what all cores share
     * @param guests all virtual processors, by their numbers
     */
    public HardwareAssisted(
            List<Core> cores,
            PhysicalMemory memory,
            int pageLevels,
            Frames frames,
            HardwareSpec spec,
            List<Guest> guests,
            Scheduler scheduler) {
        this.cores = List.copyOf(cores);
        this.spec = spec;
        this.guests = List.copyOf(guests);
        this.scheduler = scheduler;
        this.image = new HypervisorImage(memory, pageLevels, frames, guests);
        ApicSetup apics = new ApicSetup(memory, frames, spec.apicFeatures());
        GuestSetup setup = new GuestSetup(memory, frames, spec, image, apics);
        guests.forEach(setup::setUp);
        this.interrupts = interrupts(apics);
        this.paging = paging(new TlbFlushes(this.cores, scheduler, interrupts, image));
        guests.forEach(guest -> pagingOf(guest.vcpu().number()).setUp(guest));
        HandlerSpec handlers = spec.handlers();
        this.process = handlers.portsInUserSpace() ? new HostProcess(image, frames, handlers.userSpaceCycles()) : null;
        this.dispatchers = cores.stream()
                .map(core -> new ExitDispatcher(core, spec, image, this, interrupts))
                .toList();
    }

    /** By the numbers of virtual processors: those of a VM share theirs. */
    private List<PagingExits> paging(TlbFlushes flushes) {
        List<PagingExits> all = new ArrayList<>();
        while (all.size() < guests.size()) {
            List<Guest> ofVm = ofSameVm(all.size());
            PagingExits exits = PagingExits.of(ofVm, image, flushes, spec);
            ofVm.forEach(guest -> all.add(exits));
        }
        return List.copyOf(all);
    }

    /** The VM's virtual processors. */
    private List<Guest> ofSameVm(int first) {
        MemoryTechnique ofVm = guests.get(first).memory();
        return guests.stream().filter(guest -> guest.memory() == ofVm).toList();
    }

    private GuestInterrupts interrupts(ApicSetup setup) {
        List<GuestApic> apics = new ArrayList<>();
        while (apics.size() < guests.size()) {
            List<Vcpu> vm = ofSameVm(apics.size()).stream().map(Guest::vcpu).toList();
            apics.addAll(setup.setUp(vm));
            boolean waits = vm.size() > 1 && spec.has(HardwareSpec.Feature.HLT_EXITING);
            vm.forEach(vcpu -> vcpu.expectInterrupts(waits));
        }
        return new GuestInterrupts(
                cores,
                guests.stream().map(Guest::vcpu).toList(),
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
        dispatchers.get(core).handle(core, cores.get(core).transitions().exit());
    }

    @Override
    public void end(int core) {
        int ended = cores.get(core).vcpu().number();
        scheduler.end(core, cores.get(core).clock());
        interrupts.ends(core, ended);
        cores.get(core).transitions().takeBack();
        resumeNext(core);
    }

    @Override
    public void wake(int core, long cycle) {
        Program program = cores.get(core).transitions().hostProgram().clear();
        if (cores.get(core).nextEventCycle() <= cycle) {
            cores.get(core).idleUntil(cycle);
            takeInterrupts(core, program);
        }
        resume(core, program, addTurn(core, program, cycle));
    }

    @Override
    public void handleInterrupt(int core) {
        Program program = cores.get(core).transitions().hostProgram().clear();
        boolean isSliceOver = takeInterrupts(core, program);
        resume(core, program, !isSliceOver || addNextTurn(core, program));
    }

    /** The core is in root mode, and takes what interrupts it has. Returns whether the slice there is over. */
    private boolean takeInterrupts(int core, Program program) {
        Core of = cores.get(core);
        boolean isSliceOver = false;
        for (int vector = of.events().acknowledgeInterrupt();
                vector != VectorSet.NONE;
                vector = of.events().acknowledgeInterrupt()) {
            of.localApic().endOfInterrupt();
            image.addInterrupt(program);
            isSliceOver |= interrupts.handle(program, core, vector);
        }
        return isSliceOver;
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
        boolean runs = goesOn;
        if (runs && scheduler.givesWay(core, cores.get(core).clock())) {
            runs = addNextTurn(core, program);
        }
        while (runs && interrupts.isOff(cores.get(core).vcpu().number())) {
            runs = addTurnAfterBlock(core, program);
        }
        if (runs) {
            enter(core, program);
        } else {
            interrupts.idle(core);
        }
    }

    private void enter(int core, Program program) {
        long due = interrupts.enter(core, cores.get(core).vcpu().number());
        if (due > cores.get(core).clock()) {
            image.addWait(program, due);
        }
        image.addResume(program);
    }

    /** Who runs on a core has executed HLT: it waits for an interrupt, if one can come. */
    boolean addTurnAfterHalt(int core, Program program) {
        return interrupts.waits(cores.get(core).vcpu()) ? addTurnAfterBlock(core, program) : addNextTurn(core, program);
    }

    /** Who runs on a core waits: the next one's turn, if anybody is there. */
    private boolean addTurnAfterBlock(int core, Program program) {
        long now = cores.get(core).clock();
        scheduler.block(core, now);
        interrupts.isBlocked(core, cores.get(core).vcpu().number());
        return addTurn(core, program, now);
    }

    /** Whether somebody waits for the core. */
    boolean isWanted(int core) {
        return scheduler.earliest(core) <= cores.get(core).clock();
    }

    /** Who runs on a core has had its slice, or has nothing to do: the next one's turn, if anybody waits. */
    boolean addNextTurn(int core, Program program) {
        long now = cores.get(core).clock();
        scheduler.endTurn(core, now);
        interrupts.isPreempted(core, cores.get(core).vcpu().number());
        return addTurn(core, program, now);
    }

    /** A new slice for who is next, from its next entry on. Returns false if there is nobody: the core is idle. */
    private boolean addTurn(int number, Program program, long cycle) {
        int vcpu = scheduler.next(number, cycle);
        if (vcpu == Scheduler.NONE) {
            return false;
        }
        Core core = cores.get(number);
        Guest guest = guests.get(vcpu);
        core.transitions().switchTo(guest.vcpu());
        core.idleUntil(cycle);
        image.addWorldSwitch(program, vcpu);
        if (scheduler.ranOn(vcpu) != number) {
            moveTo(core, guest, program);
        }
        interrupts.starts(number, vcpu);
        startSlice(number, guest);
        return true;
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
        if (scheduler.ranOn(guest.vcpu().number()) == Scheduler.NONE) {
            return;
        }
        guest.vcpu().retention().forget();
        core.mmu().invalidate(Invalidation.invvpidContext(guest.vcpu().vmcs().effectiveVpid()));
        image.addMove(program);
    }

    /** What the kernel does not answer itself is answered in user mode. */
    void addAnswer(Program program) {
        if (process != null) {
            process.addAnswer(program);
        }
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
    public void transfer(Snapshot snapshot) {
        interrupts.transfer(snapshot);
    }
}

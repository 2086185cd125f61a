package hvsim.vmm.cpu;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.VectorSet;
import hvsim.cpu.state.HostState;
import hvsim.cpu.state.Registers;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Snapshot;
import hvsim.vmm.interrupt.BouncedApic;
import hvsim.vmm.interrupt.GuestApic;
import hvsim.vmm.interrupt.GuestInterrupts;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.shadow.ShadowMemory;
import hvsim.vmm.schedule.Scheduler;
import java.util.ArrayList;
import java.util.List;

/**
 * Guests run at CPL 3, kernel and user alike; what their kernels may not do there faults into the hypervisor, which does
 * it on registers that it keeps for them. What executes at CPL 3 with another result, nobody corrects.
 */
public final class TrapAndEmulate implements CpuTechnique {
    /** PG, AM, WP, NE, ET, TS, MP and PE: an FPU that is switched when it is first used (assumed). */
    private static final long CR0 = 0x8005_003BL;

    /** Time is the guest's own: RDTSC traps. No page is global, for the guest's kernel is a user to the processor. */
    private static final long CR4 = Registers.CR4_PAE | Registers.CR4_TSD;

    // Where they are is assumed; the selectors are those of Xen.
    private static final long GDTR_BASE = 0xFFFF_C000_4000_1000L;
    private static final long IDTR_BASE = 0xFFFF_C000_4000_2000L;
    private static final int LDTR_SELECTOR = 0xE050;
    private static final int TR_SELECTOR = 0xE040;

    private final List<Core> cores;
    private final DeprivilegedSpec spec;
    private final HypervisorImage image;
    private final List<Guest> guests;
    private final Scheduler scheduler;
    private final GuestInterrupts interrupts;

    /** By the numbers of virtual processors: those of a VM share theirs. */
    private final List<DeprivilegedPaging> paging = new ArrayList<>();

    private final List<TrapDispatcher> dispatchers;

    /**
     * @param frames of the hypervisor
     * @param guests all virtual processors, by their numbers
     */
    public TrapAndEmulate(
            List<Core> cores,
            PhysicalMemory memory,
            Frames frames,
            DeprivilegedSpec spec,
            List<Guest> guests,
            Scheduler scheduler) {
        this.cores = List.copyOf(cores);
        this.spec = spec;
        this.guests = List.copyOf(guests);
        this.scheduler = scheduler;
        this.image = new HypervisorImage(memory, PageTable.LEVELS, frames, guests);
        List<GuestApic> apics = guests.stream()
                .<GuestApic>map(guest -> new BouncedApic(guest.vcpu(), guest.number()))
                .toList();
        long wakeCycles = cores.get(0).costs().interprocessorInterrupt();
        List<Vcpu> vcpus = guests.stream().map(Guest::vcpu).toList();
        this.interrupts = new GuestInterrupts(this.cores, vcpus, apics, scheduler, false, wakeCycles, 0);
        while (paging.size() < guests.size()) {
            addPagingOfVm((ShadowMemory) guests.get(paging.size()).memory());
        }
        this.dispatchers = cores.stream()
                .map(core -> new TrapDispatcher(core, spec, image, this, interrupts))
                .toList();
    }

    private void addPagingOfVm(ShadowMemory memory) {
        List<Guest> ofVm =
                guests.stream().filter(guest -> guest.memory() == memory).toList();
        DeprivilegedPaging its = new DeprivilegedPaging(cores, image, memory, scheduler, interrupts, ofVm);
        for (Guest guest : ofVm) {
            guest.vcpu().expectInterrupts(ofVm.size() > 1);
            paging.add(its);
        }
    }

    @Override
    public void start() {
        HostState host = new HostState(CR0, image.cr3(), CR4, GDTR_BASE, IDTR_BASE, LDTR_SELECTOR, TR_SELECTOR);
        for (int core = 0; core < cores.size(); core++) {
            cores.get(core).deprivileging().start(host);
            resumeNext(core);
        }
    }

    @Override
    public void handleExit(int core) {
        dispatchers.get(core).handle(core, cores.get(core).deprivileging().trap());
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
        resume(core, program, addTurn(core, program, cycle), false);
    }

    /** The core is idle, and takes what interrupts it has. */
    private void takeInterrupts(int core, Program program) {
        Core of = cores.get(core);
        for (int vector = of.events().acknowledgeInterrupt();
                vector != VectorSet.NONE;
                vector = of.events().acknowledgeInterrupt()) {
            of.localApic().endOfInterrupt();
            interrupts.handle(program, core, vector);
        }
    }

    @Override
    public void handleInterrupt(int core) {
        throw new IllegalStateException("interrupts are let in by the return to a guest, not before it");
    }

    @Override
    public void isAlone(Vcpu vcpu, int by) {
        interrupts.isAlone(vcpu.number(), by);
    }

    private void resumeNext(int core) {
        wake(core, cores.get(core).clock());
    }

    /**
     * The end of a host's program: the return to who is loaded, if anybody is there to run.
     *
     * @param flushes whether all translations have to go
     */
    void resume(int number, Program program, boolean goesOn, boolean flushes) {
        Core core = cores.get(number);
        boolean runs = goesOn;
        if (runs && scheduler.givesWay(number, core.clock())) {
            runs = addNextTurn(number, program);
        }
        while (runs && interrupts.isOff(core.vcpu().number())) {
            runs = addTurnAfterBlock(number, program);
        }
        if (!runs) {
            loadRoot(core, program, image.cr3(), flushes);
            interrupts.idle(number);
            return;
        }
        Vcpu vcpu = core.vcpu();
        interrupts.enter(number, vcpu.number());
        if (vcpu.isBouncing()) {
            image.addFrame(program, vcpu.number());
        }
        boolean hasMoved = pagingOf(vcpu).takeFlush();
        loadRoot(core, program, pagingOf(vcpu).root(vcpu), flushes || hasMoved);
        image.addReturn(program);
    }

    private void loadRoot(Core core, Program program, long root, boolean flushes) {
        if (flushes || root != core.deprivileging().root()) {
            image.addLoadCr3(program, root);
        }
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

    /** Who runs on a core has had its slice, or has nothing to do: the next one's turn, if anybody waits. */
    boolean addNextTurn(int core, Program program) {
        long now = cores.get(core).clock();
        scheduler.endTurn(core, now);
        interrupts.isPreempted(core, cores.get(core).vcpu().number());
        return addTurn(core, program, now);
    }

    /** A new slice for who is next, from its next return on. Returns false if there is nobody: the core is idle. */
    private boolean addTurn(int number, Program program, long cycle) {
        int next = scheduler.next(number, cycle);
        if (next == Scheduler.NONE) {
            return false;
        }
        Core core = cores.get(number);
        core.transitions().switchTo(guests.get(next).vcpu());
        core.idleUntil(cycle);
        image.addTurn(program, next);
        if (scheduler.ranOn(next) != number) {
            pagingOf(core.vcpu()).move();
        }
        interrupts.starts(number, next);
        interrupts.endSliceAt(number, core.clock() + spec.scheduler().sliceCycles());
        return true;
    }

    /** The shadow tables of a virtual processor's VM. */
    DeprivilegedPaging pagingOf(Vcpu vcpu) {
        return paging.get(vcpu.number());
    }

    @Override
    public boolean sleepsLightly() {
        return true;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        interrupts.transfer(snapshot);
        paging.forEach(its -> its.transfer(snapshot));
    }
}

package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.GuestRing;
import hvsim.cpu.Program;
import hvsim.cpu.Trap;
import hvsim.cpu.Vcpu;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.HostState;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.CpuTechnique;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.cpu.Platform;
import hvsim.vmm.cpu.TrapSpec;
import hvsim.vmm.cpu.Turns;
import hvsim.vmm.host.Applications;
import hvsim.vmm.host.Host;
import hvsim.vmm.host.HostSetup;
import hvsim.vmm.interrupt.GuestApic;
import hvsim.vmm.interrupt.GuestInterrupts;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.schedule.Scheduler;
import java.util.ArrayList;
import java.util.List;

/**
 * A hypervisor that runs its guests with less privilege than their kernels were written for: how they get the cores, and
 * how they come back from the hypervisor. What comes of a passage to it, {@link TrapDispatcher} says.
 */
abstract class Deprivileged implements CpuTechnique {
    /** PG, AM, WP, NE, ET, TS, MP and PE: an FPU that is switched when it is first used (assumed). */
    private static final long CR0 = 0x8005_003BL;

    // Where they are among the hypervisor's data is assumed; the selectors are those of Xen.
    private static final long GDTR_OFFSET = 0x1000;
    private static final long IDTR_OFFSET = 0x2000;
    private static final int LDTR_SELECTOR = 0xE050;
    private static final int TR_SELECTOR = 0xE040;

    private final Platform platform;
    private final List<Core> cores;
    private final TrapSpec spec;
    private final long cr4;
    private final HypervisorImage image;
    private final List<Guest> guests;
    private final Scheduler scheduler;
    private final GuestInterrupts interrupts;
    private final Turns turns;
    private final GuestRing ring;
    private final Applications applications;
    private final Host host;

    /** By the numbers of virtual processors: those of a VM share theirs. */
    private final List<PagingTraps> paging = new ArrayList<>();

    private final List<TrapDispatcher> dispatchers;

    /**
     * @param apics of the guests
     * @param cr4 of the processor
     */
    Deprivileged(Platform platform, TrapSpec spec, List<GuestApic> apics, long cr4) {
        this.platform = platform;
        this.cores = platform.cores();
        this.spec = spec;
        this.cr4 = cr4;
        this.guests = platform.guests();
        this.scheduler = platform.scheduler();
        PhysicalMemory memory = platform.memory();
        Frames frames = platform.frames();
        TableLayout tables = tables(guests);
        this.image = new HypervisorImage(memory, tables, frames, guests);
        this.ring = ring(spec.kernel(), image.layout().text() - 1);
        long wakeCycles = cores.get(0).costs().interprocessorInterrupt();
        this.interrupts = new GuestInterrupts(cores, platform.vcpus(), apics, scheduler, false, wakeCycles, 0);
        guests.forEach(
                guest -> guest.vcpu().expectInterrupts(platform.ofVm(guest).size() > 1));
        HostSetup hosts = new HostSetup(platform.host(), cores, memory, tables, image.space(), frames);
        this.applications = hosts.applications(scheduler, spec.scheduler().sliceCycles());
        this.turns = new Turns(cores, guests, scheduler, interrupts, image, applications, this::beginTurn);
        this.host = hosts.host(interrupts, platform.vcpus(), image.layout().crossing());
        this.dispatchers = cores.stream()
                .map(core -> new TrapDispatcher(core, spec, image, this, turns, interrupts, host))
                .toList();
    }

    /** It lives in the guests' address spaces: it has the width of theirs, and PAE paging where they have 32 bits. */
    private static TableLayout tables(List<Guest> guests) {
        boolean isLong = isLong(guests.get(0));
        if (guests.stream().anyMatch(guest -> isLong(guest) != isLong)) {
            throw new IllegalArgumentException("a hypervisor in the address spaces of guests of 32 and of 64 bits");
        }
        return isLong ? TableLayout.FOUR_LEVEL : TableLayout.PAE;
    }

    private static boolean isLong(Guest guest) {
        return guest.vcpu().registers().isLongMode();
    }

    private static GuestRing ring(DeprivilegedSpec.Kernel kernel, long limit) {
        return switch (kernel) {
            case WITH_USER -> GuestRing.WITH_USER;
            case RING_ONE -> GuestRing.behind(limit);
            case TRANSLATED -> GuestRing.translated(limit);
        };
    }

    /** What a technique has to do with the tables of one VM. */
    interface PagingOfVm {
        /** @param guests the VM's virtual processors, by their numbers */
        PagingTraps of(List<Guest> guests, Parts parts);
    }

    /** What of a hypervisor has to do with tables. */
    record Parts(
            List<Core> cores, HypervisorImage image, Scheduler scheduler, GuestInterrupts interrupts, GuestRing ring) {}

    final Parts parts() {
        return new Parts(cores, image, scheduler, interrupts, ring);
    }

    final TrapDispatcher dispatcher(int core) {
        return dispatchers.get(core);
    }

    /** To be said once, before the first guest runs. */
    final void keepTables(PagingOfVm technique) {
        Parts parts = parts();
        while (paging.size() < guests.size()) {
            List<Guest> ofVm = platform.ofVm(guests.get(paging.size()));
            PagingTraps its = technique.of(ofVm, parts);
            ofVm.forEach(guest -> paging.add(its));
        }
    }

    @Override
    public void start() {
        HostState state = hostState();
        for (int core = 0; core < cores.size(); core++) {
            cores.get(core).deprivileging().start(state, ring);
            resumeNext(core);
        }
    }

    private HostState hostState() {
        long data = GuestOp.canonical(image.layout().data());
        return new HostState(
                CR0,
                image.cr3(),
                cr4,
                image.space().efer(),
                data + GDTR_OFFSET,
                data + IDTR_OFFSET,
                LDTR_SELECTOR,
                TR_SELECTOR);
    }

    @Override
    public void handleExit(int core) {
        dispatchers.get(core).handle(core, cores.get(core).deprivileging().trap());
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
        resume(core, program, turns.add(core, program, cycle), false, Instruction.IRET);
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
     * @param by what it usually returns with
     */
    void resume(int number, Program program, boolean goesOn, boolean flushes, Instruction by) {
        Core core = cores.get(number);
        if (!goesOn || !turns.goesOn(number, program)) {
            image.addRoot(program, core, image.cr3(), flushes);
            interrupts.idle(number);
            return;
        }
        Vcpu vcpu = core.vcpu();
        interrupts.enter(number, vcpu.number());
        if (vcpu.isBouncing()) {
            image.addFrame(program, vcpu.number());
        }
        PagingTraps tables = pagingOf(vcpu);
        boolean drops = tables.takeDrop() || flushes;
        tables.addLoad(core, program, tables.root(vcpu), drops);
        image.addReturn(program, returnOf(number, by));
    }

    /** What the hypervisor goes back with to the guest that is loaded on a core. */
    Instruction returnOf(int number, Instruction usual) {
        return usual;
    }

    /** An interrupt waits for a virtual processor's kernel, which would let it in. */
    final boolean isWaitedFor(Vcpu vcpu) {
        return interrupts.isLetIn(vcpu.number());
    }

    final HypervisorImage image() {
        return image;
    }

    /** What a hypercall asks for is done; returns whether the guest goes on. */
    abstract boolean call(int core, Trap trap, Program program);

    private void beginTurn(int core, Guest guest, Program program) {
        image.addTurn(program, guest.vcpu().number());
        pagingOf(guest.vcpu()).beginTurn();
        interrupts.endSliceAt(core, cores.get(core).clock() + spec.scheduler().sliceCycles());
    }

    /** Of a virtual processor's VM. */
    final PagingTraps pagingOf(Vcpu vcpu) {
        return paging.get(vcpu.number());
    }

    @Override
    public boolean sleepsLightly() {
        return true;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        interrupts.transfer(snapshot);
        applications.transfer(snapshot);
        host.transfer(snapshot);
        paging.forEach(its -> its.transfer(snapshot));
    }
}

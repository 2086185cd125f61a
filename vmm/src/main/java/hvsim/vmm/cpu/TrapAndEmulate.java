package hvsim.vmm.cpu;

import hvsim.cpu.Core;
import hvsim.cpu.GuestRing;
import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.cpu.instruction.Instruction;
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
 * Guests run deprivileged, at CPL 3, or their kernels at CPL 1; what those may not do there faults into the hypervisor,
 * which does it on registers that it keeps for them. What executes there with another result, nobody corrects.
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
    private final Turns turns;
    private final GuestRing ring;

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
        this.ring = ring(spec.kernel());
        List<GuestApic> apics = guests.stream()
                .<GuestApic>map(guest -> new BouncedApic(guest.vcpu(), guest.number()))
                .toList();
        long wakeCycles = cores.get(0).costs().interprocessorInterrupt();
        List<Vcpu> vcpus = guests.stream().map(Guest::vcpu).toList();
        this.interrupts = new GuestInterrupts(this.cores, vcpus, apics, scheduler, false, wakeCycles, 0);
        this.turns = new Turns(this.cores, this.guests, scheduler, interrupts, image, this::beginTurn);
        while (paging.size() < guests.size()) {
            addPagingOfVm((ShadowMemory) guests.get(paging.size()).memory());
        }
        this.dispatchers = cores.stream()
                .map(core -> new TrapDispatcher(core, spec, image, this, turns, interrupts))
                .toList();
    }

    private static GuestRing ring(DeprivilegedSpec.Kernel kernel) {
        return switch (kernel) {
            case WITH_USER -> GuestRing.WITH_USER;
            case RING_ONE -> GuestRing.behind(HypervisorImage.FIRST - 1);
            case TRANSLATED -> GuestRing.translated(HypervisorImage.FIRST - 1);
        };
    }

    private void addPagingOfVm(ShadowMemory memory) {
        List<Guest> ofVm =
                guests.stream().filter(guest -> guest.memory() == memory).toList();
        DeprivilegedPaging its = new DeprivilegedPaging(cores, image, memory, scheduler, interrupts, ofVm, ring);
        for (Guest guest : ofVm) {
            guest.vcpu().expectInterrupts(ofVm.size() > 1);
            paging.add(its);
        }
    }

    @Override
    public void start() {
        HostState host = new HostState(CR0, image.cr3(), CR4, GDTR_BASE, IDTR_BASE, LDTR_SELECTOR, TR_SELECTOR);
        for (int core = 0; core < cores.size(); core++) {
            cores.get(core).deprivileging().start(host, ring);
            resumeNext(core);
        }
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
     * @param by what it returns with
     */
    void resume(int number, Program program, boolean goesOn, boolean flushes, Instruction by) {
        Core core = cores.get(number);
        if (!goesOn || !turns.goesOn(number, program)) {
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
        image.addReturn(program, by);
    }

    private void loadRoot(Core core, Program program, long root, boolean flushes) {
        if (flushes || root != core.deprivileging().root()) {
            image.addLoadCr3(program, root);
        }
    }

    private void beginTurn(int core, Guest guest, Program program) {
        image.addTurn(program, guest.vcpu().number());
        interrupts.endSliceAt(core, cores.get(core).clock() + spec.scheduler().sliceCycles());
    }

    /** The shadow tables of a virtual processor's VM. */
    DeprivilegedPaging pagingOf(Vcpu vcpu) {
        return paging.get(vcpu.number());
    }

    @Override
    public void runKernelCode(int core) {
        throw new IllegalStateException("kernels are executed as they stand");
    }

    /** An interrupt waits for a virtual processor's kernel, which would let it in. */
    boolean isWaitedFor(Vcpu vcpu) {
        return interrupts.isLetIn(vcpu.number());
    }

    HypervisorImage image() {
        return image;
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

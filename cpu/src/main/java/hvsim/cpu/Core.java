package hvsim.cpu;

import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.EntryContext;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.cache.CoreCaches;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A logical processor: it executes the programs of one virtual processor at a time, and the hypervisor's in
 * root mode, and keeps the time.
 *
 * <p>The common case is {@link ReferenceUnit}: plain memory references that hit the TLB's front. Everything else
 * leaves that loop, and what a core cannot settle by itself (an exit to handle, a fault for the guest's
 * kernel) leaves {@link #run} with a {@link RunOutcome}.
 */
public final class Core {
    private final CoreMode mode = new CoreMode();
    private final LocalApic localApic;
    private final Mmu mmu;
    private final PageWalkers walkers;
    private final InstructionUnit instructions;
    private final Transitions transitions;
    private final MemoryStops memoryStops;
    private final Execution execution;
    private final EventDelivery delivery;
    private final ApicUnit apic;
    private final Deadlines deadlines;
    private final EventUnit events;
    private final Boundary boundary;
    private final Deprivileging deprivileging;
    private final KernelTranslation translation;
    private final CostModel costs;
    private final Request request = new Request();

    private Vcpu vcpu;
    private long clock;
    private long instructionCount;

    /** The only core of a machine, which meets no memory hierarchy. */
    public Core(CoreSpec spec, PhysicalMemory memory) {
        this(spec, memory, 0, null);
    }

    /**
     * One of several cores.
     *
     * @param apicId by which interrupts are sent to it
     * @param caches this core's view of the memory hierarchy; null if references of walks take the same time each
     */
    public Core(CoreSpec spec, PhysicalMemory memory, int apicId, @Nullable CoreCaches caches) {
        this.vcpu = new Vcpu(-1, "none", new NoProgram(), 1);
        this.localApic = new LocalApic(apicId);
        this.costs = spec.costs();
        this.mmu = new Mmu(memory, spec.tlb(), spec.walk(), costs.walkReference(), spec.softwareFill(), caches);
        this.deadlines = new Deadlines(localApic);
        this.transitions = new Transitions(
                this,
                mmu,
                costs,
                deadlines,
                new EntryContext(VmxCapability.ALL, memory, EntryContext.NO_POINTER, true));
        this.memoryStops = new MemoryStops(this, mmu, transitions, memory);
        this.walkers = new PageWalkers(spec.overlap());
        ReferenceUnit references = new ReferenceUnit(this, mmu, mode, walkers);
        this.delivery = new EventDelivery(this, transitions, new DescriptorTable(this, references, mmu));
        this.apic = new ApicUnit(this, transitions, memory);
        this.events = new EventUnit(this, mode, deadlines, delivery, apic);
        this.boundary = new Boundary(this, transitions, events, delivery, apic);
        this.instructions = new InstructionUnit(this, mmu, transitions, memory, spec);
        this.deprivileging = new Deprivileging(this, transitions, instructions, spec);
        this.translation = new KernelTranslation(this, mode, references, instructions, deprivileging);
        this.execution = new Execution(this, transitions, references, instructions);
    }

    /** What its hardware takes. */
    public CostModel costs() {
        return costs;
    }

    /** Cycles since power-up. */
    public long clock() {
        return clock;
    }

    public Mmu mmu() {
        return mmu;
    }

    public Transitions transitions() {
        return transitions;
    }

    /** Who has it. */
    CoreMode mode() {
        return mode;
    }

    /** Where events are raised. */
    public EventUnit events() {
        return events;
    }

    /** The core's own local APIC. */
    public LocalApic localApic() {
        return localApic;
    }

    /** The virtual APIC of the guest that runs. */
    public ApicUnit apic() {
        return apic;
    }

    /** Where the hypervisor deprivileges its guests: what it does with them. */
    public Deprivileging deprivileging() {
        return deprivileging;
    }

    /** Where the hypervisor translates their kernels, too. */
    public KernelTranslation translation() {
        return translation;
    }

    /** The registers that decide about what the loaded virtual processor executes. */
    Registers registers() {
        return mode.isDeprivileged() ? transitions.hostRegisters() : vcpu.registers();
    }

    MemoryStops memoryStops() {
        return memoryStops;
    }

    EventDelivery delivery() {
        return delivery;
    }

    public Vcpu vcpu() {
        return vcpu;
    }

    /** Runs a virtual processor from now on: its VMCS is the current one, or it is the bare processor itself. */
    public void load(Vcpu next) {
        vcpu = next;
    }

    /** What {@link #run} came back for. */
    public Request request() {
        return request;
    }

    /** When something of its own happens next: a timer, a message; or {@link LocalApic#NEVER}. */
    public long nextEventCycle() {
        return transitions.nextEventCycle();
    }

    /** Nothing is executed up to that cycle. */
    public void idleUntil(long cycle) {
        spend(CyclePart.IDLE, Math.max(cycle - clock, 0));
    }

    /**
     * The hypervisor does the work of the instruction that the loaded virtual processor has exited on, and goes past
     * it; or injects the fault that a bare processor would have raised.
     */
    public void emulate() {
        instructions.emulate();
    }

    /** The hypervisor has done by other means what the instruction does that the guest has exited on: goes past it. */
    public void skipInstruction() {
        instructions.skip();
    }

    /** The fields of a VMCS region, as the hypervisor would read and write them with that region the current one. */
    public Vmcs vmcsAt(long region) {
        return instructions.vmcsAt(region);
    }

    /** Others have the core for so long, in the place of the loaded virtual processor. */
    public void giveAway(long cycles) {
        clock += cycles;
        vcpu.counts().spend(CyclePart.HOST, cycles);
    }

    /** Executes until there is something to do for others, or the clock reaches {@code until}. */
    public RunOutcome run(long until) {
        request.clear();
        vcpu.returns().goesOnByItself();
        boolean goesOn = true;
        while (goesOn && clock < until) {
            long limit = transitions.limit(until);
            goesOn = clock >= limit || events.isArmed() ? boundary.pass(limit) : execution.goOn(limit);
        }
        return request.outcome();
    }

    /** From that machine address on there are devices' registers, and no memory: what accesses them comes back. */
    public void setFirstRegister(long hpa) {
        mmu.setFirstRegister(hpa);
    }

    /** Nothing else is done until an access to a device's register is over. */
    public void waitForRegister(long cycles) {
        spendWork(cycles);
    }

    /** The program that runs. */
    Program current() {
        return mode.isRoot() ? transitions.hostProgram() : vcpu.current();
    }

    Execution execution() {
        return execution;
    }

    /** Ordinary work of one operation of what runs at present: the hypervisor's operations take one cycle. */
    int operationCycles() {
        return mode.isRoot() ? 1 : vcpu.operationCycles();
    }

    /** Accesses are made from now on at that privilege, under the registers in force. */
    void enterPrivilege(int cpl) {
        mmu.enterPrivilege(mode.isRoot() ? transitions.hostRegisters() : registers(), cpl);
    }

    /** Goes past an operation that was done. */
    void complete(Program program, long word, long cycles) {
        program.position += GuestOp.words(word);
        vcpu.retire(program, 1);
        countInstructions(1);
        spendWork(cycles);
    }

    void countInstructions(int count) {
        instructionCount += count;
    }

    /** Instructions executed so far, in either mode; a stretch of computation is one. Only differences mean anything. */
    long instructions() {
        return instructionCount;
    }

    void spendWork(long cycles) {
        spend(CyclePart.GUEST_WORK, cycles);
    }

    /** Time passes; where a hypervisor runs, all but transitions and idle time is its, or its host's. */
    void spend(CyclePart part, long cycles) {
        clock += cycles;
        CyclePart counted = mode.runner().countedAs(part);
        vcpu.counts().spend(counted, cycles);
        if (mode.runner() == Runner.GUEST_HYPERVISOR && counted == CyclePart.HYPERVISOR) {
            vcpu.counts().nested().spendInGuestHypervisor(cycles);
        }
    }

    /** What it counted by itself, whichever virtual processor ran. */
    public CoreCounts counts() {
        return new CoreCounts(
                mmu.tlb().stats(), mmu.walkStats(), mmu.cacheStats(), mmu.rewalks(), walkers.waitCycles());
    }

    /** Writes or reads all state of the core; virtual processors are transferred by their owner. */
    public void transfer(Snapshot snapshot) {
        clock = snapshot.transfer(clock);
        localApic.transfer(snapshot);
        mmu.transfer(snapshot);
        walkers.transfer(snapshot);
        mode.transfer(snapshot);
        transitions.transfer(snapshot);
        deadlines.transfer(snapshot);
        events.transfer(snapshot);
        instructions.transfer(snapshot);
        deprivileging.transfer(snapshot);
    }
}

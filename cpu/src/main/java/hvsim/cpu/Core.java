package hvsim.cpu;

import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.event.Event;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.vmx.EntryContext;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.Walk;
import hvsim.ept.WalkStats;
import hvsim.ept.cache.CacheStats;
import hvsim.ept.cache.CoreCaches;
import hvsim.tlb.Invalidation;
import hvsim.tlb.Snapshot;
import hvsim.tlb.TlbStats;
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
    private final LocalApic localApic;
    private final Mmu mmu;
    private final ReferenceUnit references;
    private final PageWalkers walkers;
    private final InstructionUnit instructions;
    private final Transitions transitions;
    private final MemoryExits memoryExits;
    private final EventDelivery delivery;
    private final ApicUnit apic;
    private final EventUnit events;
    private final CostModel costs;

    private Vcpu vcpu;
    private long clock;
    private long instructionCount;
    private RunOutcome outcome = RunOutcome.UNTIL;
    private KernelEvent requestedEvent = KernelEvent.PROCESS_SWITCH;
    private long requestedOperand;
    private long requestedGva;
    private int requestedVector;
    private boolean requestedFault;
    private @Nullable InterruptCommand requestedCommand;

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
        this.localApic = new LocalApic(apicId);
        this.costs = spec.costs();
        this.mmu = new Mmu(memory, spec.tlb(), spec.walk(), costs.walkReference(), caches);
        this.transitions = new Transitions(
                this, mmu, costs, new EntryContext(VmxCapability.ALL, memory, EntryContext.NO_POINTER, true));
        this.memoryExits = new MemoryExits(this, mmu, transitions, memory);
        this.walkers = new PageWalkers(spec.overlap());
        this.references = new ReferenceUnit(this, mmu, transitions, walkers);
        this.delivery = new EventDelivery(this, transitions, new DescriptorTable(this, references, mmu));
        this.apic = new ApicUnit(this, transitions, memory);
        this.events = new EventUnit(this, transitions, delivery, apic);
        this.instructions = new InstructionUnit(this, mmu, transitions, memory, costs);
        this.vcpu = new Vcpu(-1, "none", new NoProgram(), 1);
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

    /** What the program asked of its kernel, after KERNEL_EVENT. */
    public KernelEvent requestedEvent() {
        return requestedEvent;
    }

    /** The operand of that event; after MARK, the phase that begins, or 0 where counting starts. */
    public long requestedOperand() {
        return requestedOperand;
    }

    /**
     * What is to be sent, after INTERRUPT_COMMAND.
     *
     * @throws IllegalStateException if nothing is
     */
    public InterruptCommand requestedCommand() {
        if (requestedCommand == null) {
            throw new IllegalStateException("no interrupt is to be sent");
        }
        return requestedCommand;
    }

    /** The operation under way sends an interrupt: {@link #run} comes back when it is complete. */
    void request(InterruptCommand command) {
        requestedCommand = command;
    }

    /** WRMSR of a register of the local APIC, by who sees the time-stamp counter that far ahead of the clock. */
    void writeLocalApic(int msr, long value, long tscAdjust) {
        if (msr == ApicMsr.TSC_DEADLINE) {
            localApic.setDeadline(value, value - tscAdjust);
        } else if (localApic.write(msr, value, clock) == LocalApic.Effect.COMMAND) {
            request(localApic.command());
        }
        events.arm();
    }

    /** An operation is complete. Returns false if it has sent an interrupt, and run has to come back. */
    boolean goesOnAfterCommand() {
        return requestedCommand == null || come(RunOutcome.INTERRUPT_COMMAND);
    }

    /** When something of its own happens next: a timer, a message; or {@link LocalApic#NEVER}. */
    public long nextEventCycle() {
        return transitions.nextEventCycle();
    }

    /** Nothing is executed up to that cycle. */
    public void idleUntil(long cycle) {
        spend(CyclePart.IDLE, Math.max(cycle - clock, 0));
    }

    /** Page to map, after PREMAP; the faulting address, after EXCEPTION. */
    public long requestedGva() {
        return requestedGva;
    }

    /** Whether what the guest's kernel got, after EXCEPTION, is a fault: the operation would be tried again. */
    public boolean isRequestedFault() {
        return requestedFault;
    }

    /** Vector of the exception or interrupt that the guest's kernel got, after EXCEPTION. */
    public int requestedVector() {
        return requestedVector;
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

    /** Executes until there is something to do for others, or the clock reaches {@code until}. */
    public RunOutcome run(long until) {
        outcome = RunOutcome.UNTIL;
        requestedCommand = null;
        vcpu.returns().goesOnByItself();
        boolean goesOn = true;
        while (goesOn && clock < until) {
            long limit = transitions.limit(until);
            goesOn = clock >= limit || events.isArmed() ? events.boundary(limit) : execute(limit);
        }
        return outcome;
    }

    /** References up to {@code limit}, and one operation of another kind. */
    boolean execute(long limit) {
        Program program = transitions.isRoot() ? transitions.hostProgram() : vcpu.current();
        if (vcpu.returns().takeReturned()) {
            events.returnFromHandler();
            return true;
        }
        if (program.isDone()) {
            return ended();
        }
        mmu.enterPrivilege(transitions.isRoot() ? transitions.hostRegisters() : vcpu.registers(), cpl());
        if (!references.execute(program, limit)) {
            requestedGva = references.stoppedGva();
            return stopped();
        }
        if (program.isDone() || clock >= limit) {
            return true;
        }
        return special(program, program.words[program.position], limit);
    }

    private boolean ended() {
        if (!transitions.isRoot()) {
            return come(RunOutcome.PROGRAM_END);
        }
        transitions.endExit();
        return come(RunOutcome.HOST_IDLE);
    }

    /** Ordinary work of one operation of what runs at present: the hypervisor's operations take one cycle. */
    int operationCycles() {
        return transitions.isRoot() ? 1 : vcpu.operationCycles();
    }

    private int cpl() {
        return transitions.isRoot() ? 0 : vcpu.cpl();
    }

    private boolean stopped() {
        if (mmu.isOnApicAccessPage() && answeredByApic()) {
            return goesOnAfterCommand();
        }
        return stopAt(requestedGva);
    }

    /** What a stopped access leads to comes about. */
    boolean stopAt(long gva) {
        Event fault = stoppedBy(gva);
        return fault != null && raise(fault);
    }

    /** The virtual APIC does the reference in place of memory. */
    private boolean answeredByApic() {
        Program program = vcpu.current();
        long word = program.words[program.position];
        int kind = GuestOp.kind(word);
        if (kind == GuestOp.WIDE || !apic.answers(kind, GuestOp.gva(word), GuestOp.sizeBytes(word))) {
            return false;
        }
        complete(program, word, operationCycles());
        return true;
    }

    /** What a stopped access of the guest leads to: an exception, or null after a VM exit. */
    @Nullable
    Event stoppedBy(long gva) {
        Walk walk = mmu.walk();
        if (mmu.isOnApicAccessPage()) {
            memoryExits.exitOnApicAccess(gva, mmu.accessKind());
            return null;
        }
        return switch (walk.outcome()) {
            case EPT_VIOLATION -> {
                if (memoryExits.convertToException(gva, walk)) {
                    yield Event.exception(ExceptionVector.VIRTUALIZATION, 0);
                }
                memoryExits.exitOnSecondStage(gva, walk);
                yield null;
            }
            case EPT_MISCONFIGURATION, PML_FULL, SPP_MISS, SPP_MISCONFIGURATION -> {
                memoryExits.exitOnSecondStage(gva, walk);
                yield null;
            }
            case NON_CANONICAL, RESERVED_PDPTE -> Event.exception(ExceptionVector.GENERAL_PROTECTION, 0);
            case PAGE_FAULT, TRANSLATED -> {
                mmu.invalidate(Invalidation.pageFault(mmu.vpid(), mmu.pcid(), gva));
                yield Event.pageFault(gva, walk.errorCode());
            }
        };
    }

    /** An exception of the program: exits by the bitmap, else goes to the guest's kernel. */
    boolean raise(int vector, int errorCode, long information) {
        return raise(Event.exception(ExceptionVector.byNumber(vector), errorCode, information));
    }

    /** An event of the program: it exits by the bitmap, if it is an exception, else is delivered. */
    boolean raise(Event exception) {
        if (transitions.isRoot()) {
            throw new IllegalStateException("the hypervisor's own program raises " + exception);
        }
        return delivery.raise(exception);
    }

    /** An event has reached its handler; {@link #run} comes back with EXCEPTION. */
    void arrived(Event event) {
        if (event.type().isException()) {
            vcpu.observeException(event.vector(), event.information());
        }
        vcpu.countFault(event.vector());
        spend(CyclePart.GUEST_WORK, costs.pageFault());
        requestedGva = event.information();
        requestedVector = event.vector();
        requestedFault = event.type() == InterruptionType.HARDWARE_EXCEPTION;
        if (event.type().isSoftware()) {
            vcpu.skipOperation();
        }
        events.arrived();
    }

    private boolean special(Program program, long word, long limit) {
        return switch (GuestOp.kind(word)) {
            case GuestOp.INSTRUCTION -> instructions.execute(program, word, limit);
            case GuestOp.EVENT -> event(program, word);
            case GuestOp.PSEUDO -> pseudo(program, word);
            default -> throw new IllegalStateException("a reference is not special");
        };
    }

    private boolean event(Program program, long word) {
        requestedEvent = KernelEvent.byNumber(GuestOp.number(word));
        requestedOperand = GuestOp.eventOperand(word);
        complete(program, word, operationCycles());
        return come(RunOutcome.KERNEL_EVENT);
    }

    private boolean pseudo(Program program, long word) {
        program.position++;
        if (GuestOp.isPremap(word)) {
            requestedGva = GuestOp.gva(word);
            return come(RunOutcome.PREMAP);
        }
        if (GuestOp.isMark(word)) {
            requestedOperand = (int) word;
            return come(RunOutcome.MARK);
        }
        countInstructions(1);
        spendWork(GuestOp.workCycles(word));
        return true;
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

    /** Leaves {@link #run}. */
    boolean come(RunOutcome why) {
        outcome = why;
        return false;
    }

    void spendWork(long cycles) {
        spend(CyclePart.GUEST_WORK, cycles);
    }

    /** Time passes; in root mode all but transitions and idle time is the hypervisor's. */
    void spend(CyclePart part, long cycles) {
        clock += cycles;
        boolean hypervisor = transitions.isRoot() && part != CyclePart.TRANSITIONS && part != CyclePart.IDLE;
        vcpu.spend(hypervisor ? CyclePart.HYPERVISOR : part, cycles);
    }

    public TlbStats tlbStats() {
        return mmu.tlb().stats();
    }

    public WalkStats walkStats() {
        return mmu.walkStats();
    }

    /** What the memory hierarchy served. */
    public CacheStats cacheStats() {
        return mmu.cacheStats();
    }

    /** Cycles that walks waited for a page walker. */
    public long walkerWaitCycles() {
        return walkers.waitCycles();
    }

    /** Walks that only had to renew rights or the dirty flag of a cached translation. */
    public long rewalks() {
        return mmu.rewalks();
    }

    /** Writes or reads all state of the core; virtual processors are transferred by their owner. */
    public void transfer(Snapshot snapshot) {
        clock = snapshot.transfer(clock);
        localApic.transfer(snapshot);
        mmu.transfer(snapshot);
        walkers.transfer(snapshot);
        transitions.transfer(snapshot);
        events.transfer(snapshot);
        instructions.transfer(snapshot);
    }
}

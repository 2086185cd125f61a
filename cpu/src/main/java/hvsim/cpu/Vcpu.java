package hvsim.cpu;

import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.GuestState;
import hvsim.cpu.vmx.Vmcs;
import hvsim.tlb.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All state that one virtual processor of a guest owns: registers, VMCS, what it runs, and what was counted
 * for it.
 */
public final class Vcpu {
    private final int number;
    private final String name;
    private final int[] phaseCycles;
    private int operationCycles;

    /** Its guest's. */
    private final Level guest;

    /** That of its guest's own hypervisor, if that is a guest too. */
    private @Nullable Level guestHypervisor;

    /** Which of them it is at. */
    private Level level;

    private final ReflectedExit reflected = new ReflectedExit();
    private int virtualCpl = 3;
    private @Nullable Event bounced;
    private boolean eventsPending;
    private boolean tablesAreShared;
    private boolean expectsInterrupts;

    private long uncountedOperations;
    private final PhaseCounts phases = new PhaseCounts();
    private Tally counts = phases.begin(0);
    private boolean counting;
    private final PauseLoop pauseLoop = new PauseLoop();
    private final Retention retention = new Retention();
    private final Observations observations = new Observations();
    private final HostStateReads hostStateReads = new HostStateReads();

    /** The only virtual processor of a machine. */
    public Vcpu(String name, OpStream stream, int... operationCycles) {
        this(0, name, stream, operationCycles);
    }

    /**
     * @param number in the machine, from 0
     * @param name for messages and reports
     * @param operationCycles ordinary work of one operation, TLB and walks apart, in each phase of the program; at
     *     least 1, and the last one from there on
     */
    public Vcpu(int number, String name, OpStream stream, int... operationCycles) {
        this.number = number;
        this.name = name;
        this.phaseCycles = operationCycles.clone();
        this.operationCycles = phaseCycles[0];
        this.guest = new Level(name, stream);
        this.level = guest;
    }

    /** In the machine, from 0. */
    public int number() {
        return number;
    }

    public String name() {
        return name;
    }

    int operationCycles() {
        return isInGuestHypervisor() ? 1 : operationCycles;
    }

    /** What the level that it is at has: so do all others below that say no other. */
    public Registers registers() {
        return level.registers;
    }

    Msrs msrs() {
        return level.msrs;
    }

    public Vmcs vmcs() {
        return level.vmcs;
    }

    /** The guest's programs run under a hypervisor that is a guest itself: from now on there is a level between. */
    public void addGuestHypervisor() {
        guestHypervisor = new Level(name + "'s hypervisor", new NoProgram());
    }

    /** It goes on, with the next entry, as the processor of its guest's own hypervisor. */
    public void enterGuestHypervisor() {
        if (guestHypervisor == null) {
            throw new IllegalStateException(name + " has no hypervisor of its own");
        }
        level = guestHypervisor;
    }

    /** It goes on, with the next entry, as the guest's. */
    public void enterGuest() {
        level = guest;
    }

    /** Whether it is at the level between: its guest's own hypervisor runs. */
    public boolean isInGuestHypervisor() {
        return level != guest;
    }

    /** Whether it is at the guest of such a hypervisor. */
    public boolean isInNestedGuest() {
        return guestHypervisor != null && level == guest;
    }

    /** Another VMCS is the current one of whoever is at work on this level. Returns the one that was. */
    public Vmcs use(Vmcs vmcs) {
        Vmcs before = level.vmcs;
        level.vmcs = vmcs;
        return before;
    }

    ReflectedExit reflected() {
        return reflected;
    }

    /**
     * An empty program of the guest's kernel, to be filled; it runs at CPL 0 before what is under way goes
     * on. A program that has come to its end gives its place to what it asked for: where it was to return, that
     * returns.
     *
     * @throws IllegalStateException if kernel programs interrupt each other too deeply
     */
    public Program pushKernelProgram() {
        return level.programs.push();
    }

    /** The program that runs next, after finished ones were taken away and the workload was asked for more. */
    Program current() {
        return level.programs.current();
    }

    /** An event was delivered: the program pushed next is its handler, and ends with IRET. */
    void interrupt(long rflags) {
        level.programs.returns().interrupt(rflags);
    }

    HandlerReturns returns() {
        return level.programs.returns();
    }

    /** Whether the workload has come to its end. */
    public boolean hasEnded() {
        return guest.programs.hasEnded();
    }

    /** Real-address mode has all privilege, virtual-8086 mode none. */
    int cpl() {
        if (registers().isProtectedMode()) {
            return registers().isVirtual8086() ? 3 : level.programs.cpl();
        }
        return 0;
    }

    /** The privilege level of the instruction that its program stands at, which says so itself. */
    int cplOfInstruction() {
        Program program = current();
        return GuestOp.cpl(program.words[program.position]);
    }

    /** The privilege that a deprivileged guest believes to have, as its hypervisor keeps it. */
    public int virtualCpl() {
        return virtualCpl;
    }

    /** With its hypervisor's next return to it, its kernel gets that event. */
    public void bounce(Event event) {
        bounced = event;
    }

    public boolean isBouncing() {
        return bounced != null;
    }

    @Nullable
    Event takeBounced() {
        Event event = bounced;
        bounced = null;
        return event;
    }

    /** In memory that a guest shares with its hypervisor: whether events wait for it to let them in. */
    public void setEventsPending(boolean pending) {
        eventsPending = pending;
    }

    boolean hasEventsPending() {
        return eventsPending;
    }

    void setVirtualCpl(int cpl) {
        virtualCpl = cpl;
    }

    /** Goes past the operation that was stopped, because somebody did its work. */
    public void skipOperation() {
        Program program = current();
        if (program.isDone()) {
            return;
        }
        program.position += GuestOp.words(program.words[program.position]);
        retire(program, 1);
    }

    /** Bytes of the memory reference that the program on top stands at; 0 if it stands at none. */
    public int referencedBytes() {
        Program program = current();
        if (program.isDone()) {
            return 0;
        }
        long word = program.words[program.position];
        int kind = GuestOp.kind(word);
        if (kind == GuestOp.WIDE) {
            return GuestOp.wideSizeBytes(word);
        }
        return kind < GuestOp.WIDE ? GuestOp.sizeBytes(word) : 0;
    }

    void retire(Program program, long count) {
        if (level.programs.isWorkload(program)) {
            counts.operations += count;
        }
    }

    /** Operations of the workload that were completed. */
    public long operations() {
        return total().operations();
    }

    /** Address of the last instruction fetch of the program under way; 0 if it has made none. */
    long lastFetch() {
        long fetch = current().lastFetch();
        return fetch == Program.NO_FETCH ? level.registers.rip : fetch;
    }

    /** Where it is in its program: all completed operations, those before counting started among them. */
    public long allOperations() {
        return uncountedOperations + operations();
    }

    void spend(CyclePart part, long count) {
        counts.cycles[part.ordinal()] += count;
    }

    public long cycles(CyclePart part) {
        return total().cycles(part);
    }

    void countLookups(boolean hypervisor, int side, long count) {
        counts.countLookups(hypervisor, side, count);
    }

    /** First-level look-ups while this virtual processor ran: by guests, or by the hypervisor for it. */
    public long lookups(boolean hypervisor, int side) {
        return total().lookups(hypervisor, side);
    }

    void countFault(int vector) {
        counts.countFault(vector);
    }

    /** Exceptions of a vector that were delivered to the guest. */
    public long faults(int vector) {
        return total().faults(vector);
    }

    PauseLoop pauseLoop() {
        return pauseLoop;
    }

    public ExitCounts exits() {
        return total().exits();
    }

    public Retention retention() {
        return retention;
    }

    public Observations observations() {
        return observations;
    }

    /** Before its first entry: the VMCS gets the registers it will start with. */
    public void saveRegisters() {
        GuestState.save(level.registers, level.vmcs);
    }

    /** What it has read of its hypervisor. */
    public HostStateReads hostStateReads() {
        return hostStateReads;
    }

    /**
     * The guest saw {@code value} in RAX as the result of an instruction. What programs of its kernel read is not among
     * the observations: when they run is time.
     */
    public void observe(Instruction instruction, long value) {
        level.registers.rax = value;
        if (level.programs.isInWorkload()) {
            boolean tellsOfTables = instruction == Instruction.MOV_FROM_CR3 || instruction == Instruction.MOV_FROM_CR2;
            boolean isTime = tablesAreShared && tellsOfTables;
            observations.add(allOperations(), instruction, isTime ? 0 : value);
        }
    }

    /**
     * From now on others change its tables too: which of them first meets a missing page, or makes an address space, is
     * time. So its page faults are not observed, and CR2 and CR3 by kind only.
     */
    public void sharesTables() {
        tablesAreShared = true;
    }

    /**
     * Whether others will send it interrupts. If not, and its own timer is not armed either, HLT is over at once: there
     * is nothing that it could wait for.
     */
    public void expectInterrupts(boolean expected) {
        expectsInterrupts = expected;
    }

    public boolean expectsInterrupts() {
        return expectsInterrupts;
    }

    void observeException(int vector, long information) {
        if (!tablesAreShared || vector != ExceptionVector.PAGE_FAULT.number()) {
            observations.addException(allOperations(), vector, information);
        }
    }

    /** What is counted now: for the phase under way. */
    public Tally counts() {
        return counts;
    }

    /** What was counted in each phase, from phase 0. */
    public List<Tally> phases() {
        return phases.all();
    }

    /** What was counted in all phases. */
    public Tally total() {
        return phases.total();
    }

    /** The program has come to that phase: what is counted from now on is for it. */
    public void beginPhase(int phase) {
        operationCycles = phaseCycles[Math.min(phase, phaseCycles.length - 1)];
        counts = phases.begin(phase);
    }

    /** What was counted so far was the warm-up. */
    public void startCounting() {
        counting = true;
        clearCounts();
    }

    /** Whether {@link #startCounting} said so; without a warm-up nobody says it. */
    public boolean isCounting() {
        return counting;
    }

    /** From now on counts start at zero; what the guest observed is kept. */
    public void clearCounts() {
        uncountedOperations += operations();
        phases.clear();
    }

    /** Writes or reads everything, the position in the workload included. */
    public void transfer(Snapshot snapshot) {
        guest.transfer(snapshot);
        if (guestHypervisor != null) {
            guestHypervisor.transfer(snapshot);
            level = snapshot.transfer(level == guest) ? guest : guestHypervisor;
        }
        reflected.transfer(snapshot);
        operationCycles = snapshot.transfer(operationCycles);
        virtualCpl = snapshot.transfer(virtualCpl);
        eventsPending = snapshot.transfer(eventsPending);
        boolean bounces = snapshot.transfer(bounced != null);
        Event event = (bounced == null ? Event.nmi() : bounced).transferred(snapshot);
        bounced = bounces ? event : null;
        uncountedOperations = snapshot.transfer(uncountedOperations);
        counts = phases.transfer(snapshot);
        counting = snapshot.transfer(counting);
        expectsInterrupts = snapshot.transfer(expectsInterrupts);
        pauseLoop.transfer(snapshot);
        retention.transfer(snapshot);
        observations.transfer(snapshot);
        hostStateReads.transfer(snapshot);
    }
}

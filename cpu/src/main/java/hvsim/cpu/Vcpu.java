package hvsim.cpu;

import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.GuestState;
import hvsim.cpu.vmx.Vmcs;
import hvsim.tlb.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All state that one virtual processor of a guest owns: registers, VMCS, what it runs, and what was counted for it. */
public final class Vcpu {
    private final int number;
    private final String name;
    private final Levels levels;
    private int virtualCpl = 3;
    private @Nullable Event bounced;
    private boolean eventsPending;
    private boolean expectsInterrupts;

    private final Phases phases;
    private Tally counts;
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
        this.levels = new Levels(name, stream);
        this.phases = new Phases(operationCycles);
        this.counts = phases.begin(0);
    }

    /** In the machine, from 0. */
    public int number() {
        return number;
    }

    public String name() {
        return name;
    }

    int operationCycles() {
        return levels.isInGuestHypervisor() ? 1 : phases.operationCycles();
    }

    /** What the level has that it is at: so do all others below that say no other. */
    public Registers registers() {
        return levels.current().registers;
    }

    Msrs msrs() {
        return levels.current().msrs;
    }

    public Vmcs vmcs() {
        return levels.current().vmcs;
    }

    /** Where it is as the processor of its guest, or of its guest's own hypervisor. */
    public Levels levels() {
        return levels;
    }

    /**
     * An empty program of the guest's kernel, to be filled; it runs at CPL 0 before what is under way goes
     * on. A program that has come to its end gives its place to what it asked for: where it was to return, that
     * returns.
     *
     * @throws IllegalStateException if kernel programs interrupt each other too deeply
     */
    public Program pushKernelProgram() {
        return levels.current().programs.push();
    }

    /** The program that runs next, after finished ones were taken away and the workload was asked for more. */
    Program current() {
        return levels.current().programs.current();
    }

    HandlerReturns returns() {
        return levels.current().programs.returns();
    }

    /** Whether the workload has come to its end. */
    public boolean hasEnded() {
        return levels.guest().programs.hasEnded();
    }

    /** Real-address mode has all privilege, virtual-8086 mode none. */
    int cpl() {
        int inProtectedMode =
                registers().isVirtual8086() ? 3 : levels.current().programs.cpl();
        return registers().isProtectedMode() ? inProtectedMode : 0;
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
        return current().referencedBytes();
    }

    /** Whether the memory reference that the program on top stands at writes: what an instruction's bytes say. */
    public boolean standsAtWrite() {
        return GuestOp.writes(current().standsAt());
    }

    /** What that reference writes, where the program says so; else 0. */
    public long valueToWrite() {
        return GuestOp.writtenValue(current().standsAt());
    }

    void retire(Program program, long count) {
        if (levels.current().programs.isWorkload(program)) {
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
        return fetch == Program.NO_FETCH ? levels.current().registers.rip : fetch;
    }

    /** Where it is in its program: all completed operations, those before counting started among them. */
    public long allOperations() {
        return phases.allOperations();
    }

    public long cycles(CyclePart part) {
        return total().cycles(part);
    }

    /** First-level look-ups while this virtual processor ran: by guests, or by the hypervisor for it. */
    public long lookups(boolean hypervisor, int side) {
        return total().lookups(hypervisor, side);
    }

    /** Exceptions and interrupts of a vector that were delivered to the guest. */
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
        GuestState.save(levels.current().registers, levels.current().vmcs);
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
        levels.current().registers.rax = value;
        if (levels.current().programs.isInWorkload()) {
            observations.add(allOperations(), instruction, value);
        }
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
        counts = phases.begin(phase);
    }

    /** What was counted so far was the warm-up. */
    public void startCounting() {
        phases.startCounting();
    }

    /** Whether {@link #startCounting} said so; without a warm-up nobody says it. */
    public boolean isCounting() {
        return phases.isCounting();
    }

    /** From now on counts start at zero; what the guest observed is kept. */
    public void clearCounts() {
        phases.clear();
    }

    /** Writes or reads everything, the position in the workload included. */
    public void transfer(Snapshot snapshot) {
        levels.transfer(snapshot);
        virtualCpl = snapshot.transfer(virtualCpl);
        eventsPending = snapshot.transfer(eventsPending);
        bounced = Event.transferredIfAny(bounced, snapshot);
        counts = phases.transfer(snapshot);
        expectsInterrupts = snapshot.transfer(expectsInterrupts);
        pauseLoop.transfer(snapshot);
        retention.transfer(snapshot);
        observations.transfer(snapshot);
        hostStateReads.transfer(snapshot);
    }
}

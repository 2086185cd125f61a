package hvsim.cpu;

import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.InterruptMessage;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.event.BoundaryEvent;
import hvsim.cpu.event.BoundaryPriority;
import hvsim.cpu.event.Event;
import hvsim.cpu.event.EventRules;
import hvsim.cpu.event.Situation;
import hvsim.cpu.event.VectorSet;
import hvsim.cpu.state.ActivityState;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The events of a logical processor that were raised and not yet taken. {@link Boundary} takes them.
 *
 * <p>Looking at a boundary costs; {@link #isArmed} says whether there may be something to find, and only then does the
 * core look. In root mode events wait for the next entry, right before which the host may take its interrupts.
 */
public final class EventUnit {
    /** Single-step bit of pending debug exceptions and of DR6. */
    static final long SINGLE_STEP = 1 << 14;

    static final int FOR_ONE_INSTRUCTION = Interruptibility.BY_STI | Interruptibility.BY_MOV_SS;

    private final Core core;
    private final CoreMode mode;
    private final Deadlines deadlines;
    private final EventDelivery delivery;
    private final ApicUnit apic;
    private final LocalApic localApic;

    private final RaisedEvents raised = new RaisedEvents();
    private boolean hostTakesInterrupts;
    private boolean armed;

    EventUnit(Core core, CoreMode mode, Deadlines deadlines, EventDelivery delivery, ApicUnit apic) {
        this.core = core;
        this.mode = mode;
        this.deadlines = deadlines;
        this.delivery = delivery;
        this.apic = apic;
        this.localApic = core.localApic();
    }

    /** A non-maskable interrupt; a second one while the first is pending is lost. */
    public void raiseNmi() {
        raise(BoundaryEvent.NMI);
    }

    public void raiseInit() {
        raise(BoundaryEvent.INIT);
    }

    /** A start-up interrupt: lost unless the processor waits for one, or is about to. */
    public void raiseSipi(int vector) {
        boolean isStopping = raised.has(BoundaryEvent.INIT) && !mode.isNonRoot();
        if (isStopping || registers().activity == ActivityState.WAIT_FOR_SIPI) {
            raised.raiseStartUp(vector);
            arm();
        }
    }

    void raise(BoundaryEvent event) {
        raised.raise(event);
        arm();
    }

    /** An event is taken that stays no longer than that. */
    void lower(BoundaryEvent event) {
        raised.lower(event);
    }

    int startUpVector() {
        return raised.startUpVector();
    }

    /** An interrupt arrives at the local APIC: stays pending until it is acknowledged. */
    public void raiseInterrupt(int vector) {
        localApic.accept(vector);
        arm();
    }

    /** A message is on its way, and arrives when the core's clock reaches that cycle. */
    public void messageAt(long cycle, InterruptMessage message) {
        deadlines.arrivals().add(cycle, message);
    }

    /**
     * Takes the highest interrupt that may be delivered, as the host does whose exit left it pending: it is in service,
     * and has to be ended. {@link VectorSet#NONE} if there is none.
     */
    public int acknowledgeInterrupt() {
        admit();
        int vector = localApic.acknowledge();
        arm();
        return vector;
    }

    /**
     * WRMSR of a register of the local APIC; what it sends to others is a {@link Request}.
     *
     * @param tscAdjust how far the time-stamp counter, as the writer sees it, is ahead of the clock
     */
    void writeLocalApic(int msr, long value, long tscAdjust) {
        if (msr == ApicMsr.TSC_DEADLINE) {
            // unsigned: what is no cycle any more never comes
            localApic.setDeadline(value, value < 0 ? LocalApic.NEVER : value - tscAdjust);
        } else if (localApic.write(msr, value, core.clock()) == LocalApic.Effect.COMMAND) {
            core.request().send(localApic.command());
        }
        arm();
    }

    /** What has come by now: messages, and the timer's interrupt. */
    void admit() {
        Arrivals arrivals = deadlines.arrivals();
        while (arrivals.next() <= core.clock()) {
            receive(arrivals.take());
        }
        localApic.advance(core.clock());
    }

    private void receive(InterruptMessage message) {
        switch (message.mode()) {
            case FIXED, LOWEST_PRIORITY -> raiseInterrupt(message.vector());
            case NMI -> raiseNmi();
            case INIT -> raiseInit();
            case START_UP -> raiseSipi(message.vector());
            case SMI ->
                throw new IllegalStateException(
                        "a system-management interrupt, and this processor has no mode to take it in");
        }
    }

    /** From now on the host's handlers run with interrupts let in, up to the next entry: {@link #interruptsHost}. */
    public void letHostTakeInterrupts() {
        hostTakesInterrupts = true;
    }

    /**
     * Whether an interrupt has come that the host takes before it enters a guest. The notification of posted interrupts
     * is none: the entry itself has them processed.
     */
    boolean interruptsHost() {
        if (!hostTakesInterrupts) {
            return false;
        }
        admit();
        int vector = localApic.pending();
        return vector != VectorSet.NONE
                && !EventRules.isNotification(vector, core.vcpu().vmcs());
    }

    private Registers registers() {
        return core.registers();
    }

    boolean isArmed() {
        return armed;
    }

    /** Whoever changes what events depend on has the next boundary looked at. */
    void arm() {
        Registers r = registers();
        armed = !mode.isRoot()
                && (raised.bits() != 0
                        || r.pendingDebug != 0
                        || (r.interruptibility & FOR_ONE_INSTRUCTION) != 0
                        || r.activity != ActivityState.ACTIVE
                        || (r.rflags & Registers.RFLAGS_TF) != 0
                        || localApic.pending() != VectorSet.NONE
                        || apic.isArmed()
                        || mode.isNonRoot() && hasWindowOrTrap(core.vcpu().vmcs()));
    }

    private static boolean hasWindowOrTrap(Vmcs vmcs) {
        return vmcs.has(VmxControl.INTERRUPT_WINDOW_EXITING)
                || vmcs.has(VmxControl.NMI_WINDOW_EXITING)
                || vmcs.has(VmxControl.MONITOR_TRAP_FLAG);
    }

    Situation situation() {
        Registers r = registers();
        return new Situation(mode.isNonRoot(), core.vcpu().vmcs(), r.rflags, r.interruptibility, r.activity);
    }

    /** All that may happen at the next boundary: what was raised, and what is there by itself. */
    int pending() {
        return raised.bits()
                | bit(apic.hasTrap(), BoundaryEvent.APIC_TRAP)
                | bit(registers().pendingDebug != 0, BoundaryEvent.DEBUG_TRAP)
                | bit(deadlines.isTimerZero(core.clock()), BoundaryEvent.PREEMPTION_TIMER)
                | bit(apic.isRecognized(), BoundaryEvent.VIRTUAL_INTERRUPT)
                | bit(localApic.pending() != VectorSet.NONE, BoundaryEvent.EXTERNAL_INTERRUPT)
                | BoundaryPriority.bit(BoundaryEvent.NMI_WINDOW)
                | BoundaryPriority.bit(BoundaryEvent.INTERRUPT_WINDOW);
    }

    private static int bit(boolean pending, BoundaryEvent event) {
        return pending ? BoundaryPriority.bit(event) : 0;
    }

    /** HLT that does not exit. */
    void halt() {
        if (!mode.isRoot()
                && (core.vcpu().expectsInterrupts()
                        || hasOwnTimer()
                        || raised.has(BoundaryEvent.NMI)
                        || raised.has(BoundaryEvent.INIT)
                        || localApic.pending() != VectorSet.NONE
                        || apic.isRecognized())) {
            registers().activity = ActivityState.HLT;
            arm();
        }
    }

    /** The local APIC's timer is a bare kernel's own; under a hypervisor it is the hypervisor's. */
    private boolean hasOwnTimer() {
        return !mode.isNonRoot() && localApic.deadline() != LocalApic.NEVER;
    }

    /** An instruction that is no plain reference was executed: it may have to be followed by a look at the boundary. */
    void afterInstruction() {
        Registers r = registers();
        if (r.interruptibility != 0 || (r.rflags & Registers.RFLAGS_TF) != 0) {
            arm();
        }
    }

    /**
     * Where a handler has come to its end, what IRET does: NMIs are no longer blocked, or virtual ones are not. Returns
     * whether one has.
     */
    boolean returnFromHandler() {
        if (!core.vcpu().returns().takeReturned()) {
            return false;
        }
        if (EventRules.iretUnblocksNmi(situation())) {
            registers().interruptibility &= ~Interruptibility.BY_NMI;
        }
        arm();
        return true;
    }

    /** An event has arrived at its handler: with "monitor trap flag" that counts as an instruction. */
    void arrived() {
        lower(BoundaryEvent.MONITOR_TRAP);
        if (mode.isNonRoot() && core.vcpu().vmcs().has(VmxControl.MONITOR_TRAP_FLAG)) {
            raise(BoundaryEvent.MONITOR_TRAP);
        }
        arm();
    }

    /** The last step of an entry: what is injected. Returns false if run has to come back. */
    boolean entered(@Nullable Event injected) {
        lower(BoundaryEvent.MONITOR_TRAP);
        apic.entered();
        arm();
        if (injected == null) {
            return true;
        }
        registers().interruptibility &= ~FOR_ONE_INSTRUCTION;
        if (injected.type() == InterruptionType.OTHER_EVENT) {
            raise(BoundaryEvent.MONITOR_TRAP);
            return true;
        }
        return delivery.deliver(injected);
    }

    /** The guest was left: what was under way in it is reported or saved. */
    void left() {
        delivery.abandon();
        apic.left();
        lower(BoundaryEvent.MONITOR_TRAP);
        armed = false;
    }

    void transfer(Snapshot snapshot) {
        raised.transfer(snapshot);
        hostTakesInterrupts = snapshot.transfer(hostTakesInterrupts);
        apic.transfer(snapshot);
        armed = snapshot.transfer(armed);
    }
}

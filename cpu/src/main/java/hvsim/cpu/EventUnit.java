package hvsim.cpu;

import hvsim.cpu.apic.InterruptMessage;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.event.BoundaryEvent;
import hvsim.cpu.event.BoundaryPriority;
import hvsim.cpu.event.Event;
import hvsim.cpu.event.EventRules;
import hvsim.cpu.event.Situation;
import hvsim.cpu.event.VectorSet;
import hvsim.cpu.state.ActivityState;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The events of a logical processor: what was raised and not yet taken, and what happens between two instructions.
 *
 * <p>Looking at a boundary costs; {@link #isArmed} says whether there may be something to find, and only then does the
 * core look. In root mode events wait for the next entry: the host's own handlers are not modelled.
 */
public final class EventUnit {
    /** Single-step bit of pending debug exceptions and of DR6. */
    static final long SINGLE_STEP = 1 << 14;

    /** Pending debug exceptions that a VM exit reports and DR6 takes up: B0 to B3, BD, BS. */
    private static final long REPORTED = 0xF | 1 << 13 | SINGLE_STEP;

    static final int FOR_ONE_INSTRUCTION = Interruptibility.BY_STI | Interruptibility.BY_MOV_SS;
    private static final int NO_SIPI = -1;

    private final Core core;
    private final Transitions transitions;
    private final EventDelivery delivery;
    private final ApicUnit apic;
    private final LocalApic localApic;

    private boolean nmi;
    private boolean init;
    private int sipiVector = NO_SIPI;
    private boolean monitorTrap;
    private boolean expectsWakeUps;
    private boolean armed;

    EventUnit(Core core, Transitions transitions, EventDelivery delivery, ApicUnit apic) {
        this.core = core;
        this.transitions = transitions;
        this.delivery = delivery;
        this.apic = apic;
        this.localApic = core.localApic();
    }

    /** A non-maskable interrupt; a second one while the first is pending is lost. */
    public void raiseNmi() {
        nmi = true;
        arm();
    }

    public void raiseInit() {
        init = true;
        arm();
    }

    /** A start-up interrupt: lost unless the processor waits for one. */
    public void raiseSipi(int vector) {
        if (registers().activity == ActivityState.WAIT_FOR_SIPI) {
            sipiVector = vector;
            arm();
        }
    }

    /** An interrupt arrives at the local APIC: stays pending until it is acknowledged. */
    public void raiseInterrupt(int vector) {
        localApic.accept(vector);
        arm();
    }

    /** A message is on its way, and arrives when the core's clock reaches that cycle. */
    public void messageAt(long cycle, InterruptMessage message) {
        transitions.deadlines().arrivals().add(cycle, message);
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

    /** What has come by now: messages, and the timer's interrupt. */
    private void admit() {
        Arrivals arrivals = transitions.deadlines().arrivals();
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
            case SMI -> {} // no mode to take it in
        }
    }

    /**
     * Whether something will wake a guest that executed HLT: devices or timers. Without them HLT is over at once, as
     * there is nothing that it could wait for.
     */
    public void expectWakeUps(boolean expected) {
        expectsWakeUps = expected;
    }

    public boolean expectsWakeUps() {
        return expectsWakeUps;
    }

    private Registers registers() {
        return core.vcpu().registers();
    }

    boolean isArmed() {
        return armed;
    }

    /** Whoever changes what events depend on has the next boundary looked at. */
    void arm() {
        Registers r = registers();
        armed = !transitions.isRoot()
                && (nmi
                        || init
                        || monitorTrap
                        || r.pendingDebug != 0
                        || (r.interruptibility & FOR_ONE_INSTRUCTION) != 0
                        || r.activity != ActivityState.ACTIVE
                        || (r.rflags & Registers.RFLAGS_TF) != 0
                        || localApic.pending() != VectorSet.NONE
                        || apic.isArmed()
                        || transitions.isNonRoot()
                                && hasWindowOrTrap(core.vcpu().vmcs()));
    }

    private static boolean hasWindowOrTrap(Vmcs vmcs) {
        return vmcs.has(VmxControl.INTERRUPT_WINDOW_EXITING)
                || vmcs.has(VmxControl.NMI_WINDOW_EXITING)
                || vmcs.has(VmxControl.MONITOR_TRAP_FLAG);
    }

    /** Takes the most urgent event if one is not held back; else goes on up to the next boundary of interest. */
    boolean boundary(long until) {
        admit();
        Situation situation = situation();
        BoundaryEvent event = BoundaryPriority.first(pending(), situation);
        boolean goesOn = event == null ? proceed(until) : take(event, situation);
        arm();
        return goesOn;
    }

    private Situation situation() {
        Registers r = registers();
        return new Situation(transitions.isNonRoot(), core.vcpu().vmcs(), r.rflags, r.interruptibility, r.activity);
    }

    private int pending() {
        return bit(apic.hasTrap(), BoundaryEvent.APIC_TRAP)
                | bit(init, BoundaryEvent.INIT)
                | bit(sipiVector != NO_SIPI, BoundaryEvent.SIPI)
                | bit(monitorTrap, BoundaryEvent.MONITOR_TRAP)
                | bit(registers().pendingDebug != 0, BoundaryEvent.DEBUG_TRAP)
                | bit(transitions.deadlines().isTimerZero(core.clock()), BoundaryEvent.PREEMPTION_TIMER)
                | bit(nmi, BoundaryEvent.NMI)
                | bit(apic.isRecognized(), BoundaryEvent.VIRTUAL_INTERRUPT)
                | bit(localApic.pending() != VectorSet.NONE, BoundaryEvent.EXTERNAL_INTERRUPT)
                | BoundaryPriority.bit(BoundaryEvent.NMI_WINDOW)
                | BoundaryPriority.bit(BoundaryEvent.INTERRUPT_WINDOW);
    }

    private static int bit(boolean pending, BoundaryEvent event) {
        return pending ? BoundaryPriority.bit(event) : 0;
    }

    private boolean take(BoundaryEvent event, Situation situation) {
        return switch (event) {
            case APIC_TRAP -> apic.exitOnTrap();
            case INIT -> {
                init = false;
                yield transitions.leave(ExitReason.INIT_SIGNAL, 0);
            }
            case SIPI -> takeSipi();
            case MONITOR_TRAP -> transitions.leave(ExitReason.MONITOR_TRAP_FLAG, 0);
            case DEBUG_TRAP -> takeDebugTrap();
            case PREEMPTION_TIMER -> transitions.leave(ExitReason.PREEMPTION_TIMER, 0);
            case NMI_WINDOW -> transitions.leave(ExitReason.NMI_WINDOW, 0);
            case NMI -> takeNmi(EventRules.of(event, situation));
            case INTERRUPT_WINDOW -> transitions.leave(ExitReason.INTERRUPT_WINDOW, 0);
            case VIRTUAL_INTERRUPT -> delivery.deliver(Event.interrupt(apic.deliver()));
            case EXTERNAL_INTERRUPT -> takeInterrupt(EventRules.of(event, situation));
        };
    }

    private boolean takeSipi() {
        int vector = sipiVector;
        sipiVector = NO_SIPI;
        return transitions.leave(ExitReason.SIPI_SIGNAL, vector);
    }

    private boolean takeDebugTrap() {
        long conditions = registers().pendingDebug & REPORTED;
        registers().pendingDebug = 0;
        return delivery.raise(Event.exception(ExceptionVector.DEBUG, 0, conditions));
    }

    private boolean takeNmi(EventRules.Effect effect) {
        nmi = false;
        return effect == EventRules.Effect.EXITS ? transitions.exitOnEvent(Event.nmi()) : delivery.deliver(Event.nmi());
    }

    private boolean takeInterrupt(EventRules.Effect effect) {
        if (effect == EventRules.Effect.EXITS
                && !EventRules.acknowledges(core.vcpu().vmcs())) {
            return transitions.leave(ExitReason.EXTERNAL_INTERRUPT, 0);
        }
        int vector = localApic.acknowledge();
        if (effect == EventRules.Effect.DELIVERED) {
            return delivery.deliver(Event.interrupt(vector));
        }
        if (EventRules.isNotification(vector, core.vcpu().vmcs())) {
            localApic.endOfInterrupt();
            apic.processPostedInterrupts();
            return true;
        }
        return transitions.exitOnEvent(Event.interrupt(vector));
    }

    /** Waits, if no instructions are executed; else executes: one instruction, where what comes after it matters. */
    private boolean proceed(long until) {
        if (registers().activity != ActivityState.ACTIVE) {
            return sleep(until);
        }
        boolean blocked = (registers().interruptibility & FOR_ONE_INSTRUCTION) != 0;
        boolean steps = (registers().rflags & Registers.RFLAGS_TF) != 0;
        boolean traps = transitions.isNonRoot() && core.vcpu().vmcs().has(VmxControl.MONITOR_TRAP_FLAG);
        if (!blocked && !steps && !traps) {
            return core.execute(until);
        }
        long before = core.instructions();
        boolean goesOn = core.execute(core.clock() + 1);
        if (core.instructions() != before && !transitions.isRoot()) {
            registers().interruptibility &= blocked ? ~FOR_ONE_INSTRUCTION : ~0;
            registers().pendingDebug |= steps ? SINGLE_STEP : 0;
            monitorTrap |= traps;
        }
        return goesOn;
    }

    private boolean sleep(long until) {
        if (transitions.nextEventCycle() > until || until == LocalApic.NEVER) {
            return core.request().make(RunOutcome.IDLE);
        }
        core.idleUntil(until);
        return true;
    }

    /** HLT that does not exit. */
    void halt() {
        if (!transitions.isRoot()
                && (expectsWakeUps
                        || hasOwnTimer()
                        || nmi
                        || init
                        || localApic.pending() != VectorSet.NONE
                        || apic.isRecognized())) {
            registers().activity = ActivityState.HLT;
            arm();
        }
    }

    /** The local APIC's timer is a bare kernel's own; under a hypervisor it is the hypervisor's. */
    private boolean hasOwnTimer() {
        return !transitions.isNonRoot() && localApic.deadline() != LocalApic.NEVER;
    }

    /** An instruction that is no plain reference was executed: it may have to be followed by a look at the boundary. */
    void afterInstruction() {
        Registers r = registers();
        if (r.interruptibility != 0 || (r.rflags & Registers.RFLAGS_TF) != 0) {
            arm();
        }
    }

    /** The end of a handler, as IRET: NMIs are no longer blocked, or virtual ones are not. */
    void returnFromHandler() {
        if (EventRules.iretUnblocksNmi(situation())) {
            registers().interruptibility &= ~Interruptibility.BY_NMI;
        }
        arm();
    }

    /** An event has arrived at its handler: with "monitor trap flag" that counts as an instruction. */
    void arrived() {
        monitorTrap = transitions.isNonRoot() && core.vcpu().vmcs().has(VmxControl.MONITOR_TRAP_FLAG);
        arm();
    }

    /** The last step of an entry: what is injected. Returns false if run has to come back. */
    boolean entered(@Nullable Event injected) {
        monitorTrap = false;
        apic.entered();
        arm();
        if (injected == null) {
            return true;
        }
        registers().interruptibility &= ~FOR_ONE_INSTRUCTION;
        if (injected.type() == InterruptionType.OTHER_EVENT) {
            monitorTrap = true;
            arm();
            return true;
        }
        return delivery.deliver(injected);
    }

    /** The guest was left: what was under way in it is reported or saved. */
    void left() {
        delivery.abandon();
        apic.left();
        monitorTrap = false;
        armed = false;
    }

    void transfer(Snapshot snapshot) {
        nmi = snapshot.transfer(nmi);
        init = snapshot.transfer(init);
        sipiVector = snapshot.transfer(sipiVector);
        monitorTrap = snapshot.transfer(monitorTrap);
        expectsWakeUps = snapshot.transfer(expectsWakeUps);
        apic.transfer(snapshot);
        armed = snapshot.transfer(armed);
    }
}

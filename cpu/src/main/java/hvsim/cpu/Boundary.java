package hvsim.cpu;

import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.event.BoundaryEvent;
import hvsim.cpu.event.BoundaryPriority;
import hvsim.cpu.event.Event;
import hvsim.cpu.event.EventRules;
import hvsim.cpu.event.Situation;
import hvsim.cpu.state.ActivityState;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxControl;

/** What happens between two instructions: the most urgent event is taken, or the next instruction executed. */
final class Boundary {
    /** Pending debug exceptions that a VM exit reports and DR6 takes up: B0 to B3, BD, BS. */
    private static final long REPORTED = 0xF | 1 << 13 | EventUnit.SINGLE_STEP;

    private final Core core;
    private final Transitions transitions;
    private final EventUnit events;
    private final EventDelivery delivery;
    private final ApicUnit apic;
    private final LocalApic localApic;

    Boundary(Core core, Transitions transitions, EventUnit events, EventDelivery delivery, ApicUnit apic) {
        this.core = core;
        this.transitions = transitions;
        this.events = events;
        this.delivery = delivery;
        this.apic = apic;
        this.localApic = core.localApic();
    }

    /** Takes the most urgent event if one is not held back; else goes on up to the next boundary of interest. */
    boolean pass(long until) {
        events.admit();
        Situation situation = events.situation();
        BoundaryEvent event = BoundaryPriority.first(events.pending(), situation);
        boolean goesOn = event == null ? proceed(until) : take(event, situation);
        events.arm();
        return goesOn;
    }

    private boolean take(BoundaryEvent event, Situation situation) {
        events.lower(event);
        return switch (event) {
            case APIC_TRAP -> apic.exitOnTrap();
            case INIT -> takeInit(EventRules.of(event, situation));
            case SIPI -> takeStartUp(EventRules.of(event, situation));
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

    /** On a bare processor it ends what was going on, until a start-up interrupt comes (SDM vol. 3, 8.4.3, 9.1). */
    private boolean takeInit(EventRules.Effect effect) {
        if (effect == EventRules.Effect.EXITS) {
            return transitions.leave(ExitReason.INIT_SIGNAL, 0);
        }
        events.lower(BoundaryEvent.NMI);
        core.vcpu().registers().activity = ActivityState.WAIT_FOR_SIPI;
        return true;
    }

    /**
     * On a bare processor what INIT has stopped goes on: a program has no address to start at, and what its kernel's
     * start-up code would do is done.
     */
    private boolean takeStartUp(EventRules.Effect effect) {
        if (effect == EventRules.Effect.EXITS) {
            return transitions.leave(ExitReason.SIPI_SIGNAL, events.startUpVector());
        }
        core.vcpu().registers().activity = ActivityState.ACTIVE;
        return true;
    }

    private boolean takeDebugTrap() {
        Registers r = core.registers();
        long conditions = r.pendingDebug & REPORTED;
        r.pendingDebug = 0;
        return delivery.raise(Event.exception(ExceptionVector.DEBUG, 0, conditions));
    }

    private boolean takeNmi(EventRules.Effect effect) {
        return effect == EventRules.Effect.EXITS ? transitions.exitOnEvent(Event.nmi()) : delivery.deliver(Event.nmi());
    }

    private boolean takeInterrupt(EventRules.Effect effect) {
        Vmcs vmcs = core.vcpu().vmcs();
        if (effect == EventRules.Effect.EXITS && !EventRules.acknowledges(vmcs)) {
            return transitions.leave(ExitReason.EXTERNAL_INTERRUPT, 0);
        }
        int vector = localApic.acknowledge();
        if (effect == EventRules.Effect.DELIVERED) {
            return delivery.deliver(Event.interrupt(vector));
        }
        if (EventRules.isNotification(vector, vmcs)) {
            localApic.endOfInterrupt();
            apic.processPostedInterrupts();
            return true;
        }
        return transitions.exitOnEvent(Event.interrupt(vector));
    }

    /** Waits, if no instructions are executed; else executes: one instruction, where what comes after it matters. */
    private boolean proceed(long until) {
        Registers r = core.registers();
        if (r.activity != ActivityState.ACTIVE) {
            return sleep(until);
        }
        boolean blocked = (r.interruptibility & EventUnit.FOR_ONE_INSTRUCTION) != 0;
        boolean steps = (r.rflags & Registers.RFLAGS_TF) != 0;
        boolean traps = core.mode().isNonRoot() && core.vcpu().vmcs().has(VmxControl.MONITOR_TRAP_FLAG);
        if (!blocked && !steps && !traps) {
            return core.execution().goOn(until);
        }
        long before = core.instructions();
        boolean goesOn = core.execution().goOn(core.clock() + 1);
        if (core.instructions() != before && !core.mode().isRoot()) {
            r.interruptibility &= blocked ? ~EventUnit.FOR_ONE_INSTRUCTION : ~0;
            r.pendingDebug |= steps ? EventUnit.SINGLE_STEP : 0;
            if (traps) {
                events.raise(BoundaryEvent.MONITOR_TRAP);
            }
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
}

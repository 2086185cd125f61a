package hvsim.cpu;

import hvsim.cpu.event.Event;
import hvsim.cpu.event.ExceptionRules;
import hvsim.cpu.state.ActivityState;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.InterruptionType;
import org.jspecify.annotations.Nullable;

/**
 * Delivery of events to guests, and what happens when it fails: the second exception exits by the bitmap, is
 * delivered in its turn, becomes a double fault, or the end (SDM vol. 3, 6.15 table 6-5, 27.2.3).
 */
final class EventDelivery {
    private final Core core;
    private final Transitions transitions;
    private final DescriptorTable table;
    private @Nullable Event underWay;

    EventDelivery(Core core, Transitions transitions, DescriptorTable table) {
        this.core = core;
        this.transitions = transitions;
        this.table = table;
    }

    /** The event that an exit now would interrupt: it becomes the exit's IDT-vectoring information. */
    @Nullable
    Event underWay() {
        return underWay;
    }

    /** An exception of the program: it exits by the bitmap, or is delivered. Returns false: run has to come back. */
    boolean raise(Event exception) {
        if (core.mode().isRoot()) {
            throw new IllegalStateException("the hypervisor's own program raises " + exception);
        }
        if (core.mode().isDeprivileged()) {
            return core.deprivileging().trapOn(exception);
        }
        if (exits(exception)) {
            return transitions.exitOnEvent(exception);
        }
        return deliver(exception);
    }

    private boolean exits(Event event) {
        return core.mode().isNonRoot()
                && ExceptionRules.exits(event, core.vcpu().vmcs());
    }

    /** Delivers an event that does not exit by itself. Returns false: run has to come back. */
    boolean deliver(Event first) {
        if (core.mode().isDeprivileged()) {
            return core.deprivileging().trapOn(first);
        }
        Event next = first;
        core.vcpu().registers().activity = ActivityState.ACTIVE;
        while (!attempt(next)) {
            Event second = table.fault();
            if (second == null) {
                return false;
            }
            if (exits(second)) {
                return transitions.exitOnEvent(second);
            }
            switch (ExceptionRules.combine(next, second)) {
                case SERIAL -> next = second;
                case DOUBLE_FAULT -> {
                    underWay = null;
                    next = Event.exception(ExceptionVector.DOUBLE_FAULT, 0);
                    if (exits(next)) {
                        return transitions.exitOnEvent(next);
                    }
                }
                case TRIPLE_FAULT -> {
                    underWay = null;
                    return shutDown();
                }
            }
        }
        underWay = null;
        core.spendWork(core.costs().pageFault());
        return arrived(next);
    }

    /** The hypervisor has written the frame, and the guest's kernel goes on where its own table says. */
    boolean deliverVirtually(Event event) {
        core.vcpu().registers().activity = ActivityState.ACTIVE;
        table.enterHandler(event, true);
        core.vcpu().setVirtualCpl(0);
        return arrived(event);
    }

    /**
     * A gate of the hypervisor's table leads straight to the guest's kernel. It is a trap gate: what masks the guest's
     * events is in memory, and no processor sets it on the way.
     */
    boolean deliverThroughGate(Event event) {
        table.enterHandler(event, false);
        core.vcpu().setVirtualCpl(0);
        return arrived(event);
    }

    private boolean attempt(Event event) {
        underWay = event;
        return table.deliver(event);
    }

    private boolean shutDown() {
        if (core.mode().isNonRoot()) {
            return transitions.leave(ExitReason.TRIPLE_FAULT, 0);
        }
        core.vcpu().registers().activity = ActivityState.SHUTDOWN;
        return true;
    }

    /** A VM exit has reported what was under way. */
    void abandon() {
        underWay = null;
    }

    /** It has reached its handler. Returns false: run has to come back. */
    private boolean arrived(Event event) {
        Vcpu vcpu = core.vcpu();
        Registers r = vcpu.registers();
        if (event.is(ExceptionVector.PAGE_FAULT) && event.type() == InterruptionType.HARDWARE_EXCEPTION) {
            r.cr2 = event.information();
        }
        if (event.is(ExceptionVector.DEBUG)) {
            r.dr6 |= event.information();
        }
        if (event.type().isException()) {
            vcpu.observations().addException(vcpu.allOperations(), event.vector(), event.information());
        }
        vcpu.counts().countFault(event.vector());
        if (event.type().isSoftware()) {
            vcpu.skipOperation();
        }
        core.events().arrived();
        return core.request().makeException(event);
    }
}

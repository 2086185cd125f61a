package hvsim.cpu.event;

import hvsim.cpu.state.ActivityState;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;

/**
 * What becomes of an event that is there, by controls and the state of the guest.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 25.2, 25.4.1, 25.5, 26.6 and 26.7, 27.2. Where the manual leaves it to
 * the processor: STI does not hold back NMIs; STI and MOV SS hold back no VM exits but those of the windows.
 */
public final class EventRules {
    /** The three ways. */
    public enum Effect {
        /** It stays pending. */
        HELD_BACK,
        /** Through the interrupt-descriptor table; INIT and the start-up interrupt, which have no vector, as they are. */
        DELIVERED,
        EXITS
    }

    private EventRules() {}

    /** What becomes of it. */
    public static Effect of(BoundaryEvent event, Situation s) {
        return switch (event) {
            case APIC_TRAP, MONITOR_TRAP -> exitsIf(s.isNonRoot());
            case INIT -> s.isNonRoot() ? exitsIf(s.activity() != ActivityState.WAIT_FOR_SIPI) : Effect.DELIVERED;
            case SIPI -> startUp(s);
            case DEBUG_TRAP ->
                s.activity().takesInterrupts() && !s.blocksByMovSs() ? Effect.DELIVERED : Effect.HELD_BACK;
            case PREEMPTION_TIMER ->
                exitsIf(s.has(VmxControl.ACTIVATE_PREEMPTION_TIMER) && s.activity() != ActivityState.WAIT_FOR_SIPI);
            case NMI_WINDOW -> nmiWindow(s);
            case NMI -> nmi(s);
            case INTERRUPT_WINDOW -> exitsIf(s.has(VmxControl.INTERRUPT_WINDOW_EXITING) && s.opensForInterrupts());
            case VIRTUAL_INTERRUPT -> virtualInterrupt(s);
            case EXTERNAL_INTERRUPT -> externalInterrupt(s);
        };
    }

    private static Effect exitsIf(boolean condition) {
        return condition ? Effect.EXITS : Effect.HELD_BACK;
    }

    private static Effect nmiWindow(Situation s) {
        return exitsIf(s.has(VmxControl.NMI_WINDOW_EXITING)
                && !s.blocksNmi()
                && !s.blocksByMovSs()
                && s.activity() != ActivityState.WAIT_FOR_SIPI);
    }

    private static Effect startUp(Situation s) {
        if (s.activity() != ActivityState.WAIT_FOR_SIPI) {
            return Effect.HELD_BACK;
        }
        return s.isNonRoot() ? Effect.EXITS : Effect.DELIVERED;
    }

    /** With "virtual NMIs" the blocking is of virtual NMIs, and says nothing of real ones. */
    private static Effect nmi(Situation s) {
        if (s.activity() == ActivityState.WAIT_FOR_SIPI || s.blocksNmi() && !s.has(VmxControl.VIRTUAL_NMIS)) {
            return Effect.HELD_BACK;
        }
        if (s.has(VmxControl.NMI_EXITING)) {
            return Effect.EXITS;
        }
        return s.blocksByMovSs() ? Effect.HELD_BACK : Effect.DELIVERED;
    }

    private static Effect virtualInterrupt(Situation s) {
        boolean delivered = s.has(VmxControl.VIRTUAL_INTERRUPT_DELIVERY)
                && !s.has(VmxControl.INTERRUPT_WINDOW_EXITING)
                && s.opensForInterrupts();
        return delivered ? Effect.DELIVERED : Effect.HELD_BACK;
    }

    /** Exits whatever RFLAGS.IF says; see {@link #isNotification} for the one that does neither. */
    private static Effect externalInterrupt(Situation s) {
        if (s.has(VmxControl.EXTERNAL_INTERRUPT_EXITING)) {
            return exitsIf(s.activity().takesInterrupts());
        }
        return s.opensForInterrupts() ? Effect.DELIVERED : Effect.HELD_BACK;
    }

    /** Whether an external interrupt, in place of its exit, starts posted-interrupt processing (29.6). */
    public static boolean isNotification(int vector, Vmcs vmcs) {
        return vmcs.has(VmxControl.PROCESS_POSTED_INTERRUPTS)
                && vector == (vmcs.read(VmcsField.POSTED_INTERRUPT_VECTOR) & 0xFF);
    }

    /** Whether an exit for an external interrupt takes its vector off the interrupt controller. */
    public static boolean acknowledges(Vmcs vmcs) {
        return vmcs.has(VmxControl.ACKNOWLEDGE_INTERRUPT_ON_EXIT);
    }

    /** Whether IRET ends the blocking by NMI: of real ones, or with "virtual NMIs" of virtual ones (25.3). */
    public static boolean iretUnblocksNmi(Situation s) {
        return !s.has(VmxControl.NMI_EXITING) || s.has(VmxControl.VIRTUAL_NMIS);
    }
}

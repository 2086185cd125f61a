package hvsim.cpu.state;

import java.util.List;

/**
 * Whether a logical processor executes instructions.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 24.4.2.
 */
public enum ActivityState {
    ACTIVE,
    /** After HLT: interrupts, NMIs and debug exceptions wake it. */
    HLT,
    /** After a triple fault: NMIs and INIT wake it. */
    SHUTDOWN,
    /** After INIT: nothing but a start-up IPI wakes it. */
    WAIT_FOR_SIPI;

    private static final List<ActivityState> BY_NUMBER = List.of(values());

    /**
     * The state with the number that the VMCS has for it.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public static ActivityState byNumber(int number) {
        return BY_NUMBER.get(number);
    }

    /** The number that the VMCS has for it. */
    public int number() {
        return ordinal();
    }

    /** Interrupts are taken, or held back by RFLAGS.IF alone. */
    public boolean takesInterrupts() {
        return this == ACTIVE || this == HLT;
    }
}

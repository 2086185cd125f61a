package hvsim.cpu.event;

/**
 * What can happen between two instructions, the most urgent first.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), table 6-2, 25.2, 25.5, 26.7 and 29.1; reset, machine checks and
 * system-management interrupts, which this model does not have, would come first.
 */
public enum BoundaryEvent {
    /** The instruction's work on the virtual APIC is to be finished by software: exits 43, 45 and 56. */
    APIC_TRAP,
    INIT,
    /** The start-up interrupt that ends the state INIT leads to. */
    SIPI,
    MONITOR_TRAP,
    /** Debug exceptions of the instruction before. */
    DEBUG_TRAP,
    PREEMPTION_TIMER,
    NMI_WINDOW,
    NMI,
    INTERRUPT_WINDOW,
    /** Of the same rank as the window, which keeps it from being delivered. */
    VIRTUAL_INTERRUPT,
    EXTERNAL_INTERRUPT
}

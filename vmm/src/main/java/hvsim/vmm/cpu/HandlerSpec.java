package hvsim.vmm.cpu;

/**
 * How a hypervisor's handlers are written.
 *
 * @param shortPath whether a command of the local APIC, a deadline, and its coming are handled before all that the common
 *     path does
 * @param timerAdvanceCycles how long before a deadline the guest is left, or not entered any more: the entry waits for it
 */
public record HandlerSpec(boolean shortPath, long timerAdvanceCycles) {
    /** By the common path, when it is due. */
    public static final HandlerSpec PLAIN = new HandlerSpec(false, 0);

    public HandlerSpec {
        if (timerAdvanceCycles < 0) {
            throw new IllegalArgumentException("a time is negative");
        }
    }
}

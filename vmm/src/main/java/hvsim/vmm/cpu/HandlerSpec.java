package hvsim.vmm.cpu;

/**
 * How a hypervisor's handlers are written.
 *
 * @param portsInUserSpace whether ports are answered by the VM's process in user mode, rather than by the kernel
 * @param userSpaceCycles what that process does for one of them
 * @param shortPath whether a command of the local APIC, a deadline, and its coming are handled before all that the common
 *     path does
 * @param timerAdvanceCycles how long before a deadline the guest is left, or not entered any more: the entry waits for it
 */
public record HandlerSpec(boolean portsInUserSpace, int userSpaceCycles, boolean shortPath, long timerAdvanceCycles) {
    /** All in the kernel, by the common path, when it is due. */
    public static final HandlerSpec PLAIN = new HandlerSpec(false, 0, false, 0);

    public HandlerSpec {
        if (userSpaceCycles < 0 || timerAdvanceCycles < 0) {
            throw new IllegalArgumentException("a time is negative");
        }
    }
}

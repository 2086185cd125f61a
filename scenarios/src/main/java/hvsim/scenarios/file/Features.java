package hvsim.scenarios.file;

import java.util.List;

/**
 * {@code hypervisor.features}: what the hypervisor uses of the hardware, and what it lets exit.
 *
 * @param apic who does what of a guest's local APIC
 * @param exceptionBitmap vectors 0 to 31 that exit, ascending
 */
public record Features(
        boolean vpid,
        boolean eptAccessedDirty,
        boolean msrBitmap,
        boolean ioBitmap,
        boolean preemptionTimer,
        boolean hltExiting,
        boolean rdtscExiting,
        boolean pauseExiting,
        boolean invlpgExiting,
        boolean cr3LoadExiting,
        boolean cr3StoreExiting,
        boolean pauseLoopExiting,
        boolean vmcsShadowing,
        boolean unrestrictedGuest,
        ApicFeatures apic,
        List<Integer> exceptionBitmap) {
    /** What the hardware does of a guest's local APIC. */
    public record ApicFeatures(
            boolean tprShadow,
            boolean virtualInterrupts,
            boolean apicRegisters,
            boolean postedInterrupts,
            boolean ipiVirtualization) {}
}

package hvsim.scenarios.file;

import java.util.List;

/**
 * {@code hypervisor.features}: what the hypervisor uses of the hardware, and what it lets exit.
 *
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
        List<Integer> exceptionBitmap) {}

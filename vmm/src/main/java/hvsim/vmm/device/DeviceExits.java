package hvsim.vmm.device;

import hvsim.cpu.vmx.ExitReason;
import hvsim.tlb.Snapshot;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Exits that a device has caused: accesses to its registers, its interrupts, and their ends. */
public final class DeviceExits {
    private final long[] counts = new long[ExitReason.values().length];

    void count(ExitReason reason) {
        counts[reason.ordinal()]++;
    }

    void clear() {
        Arrays.fill(counts, 0);
    }

    /** Those that there were, by reason. */
    public Map<ExitReason, Long> byReason() {
        Map<ExitReason, Long> all = new EnumMap<>(ExitReason.class);
        for (ExitReason reason : ExitReason.values()) {
            if (counts[reason.ordinal()] > 0) {
                all.put(reason, counts[reason.ordinal()]);
            }
        }
        return all;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(counts);
    }
}

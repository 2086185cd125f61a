package hvsim.scenarios.run;

import hvsim.cpu.vmx.ExitReason;
import hvsim.multiqueue.LatencyHistogram;
import hvsim.scenarios.file.Frequency;
import hvsim.scenarios.run.RunResult.DeviceCounts;
import hvsim.scenarios.run.RunResult.DeviceExits;
import hvsim.scenarios.run.RunResult.Latency;
import hvsim.vmm.device.DeviceStats;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what was counted of devices in the words of results. */
final class DeviceTable {
    private static final int BYTE_BITS = 8;

    private final Frequency clock;
    private final boolean bare;

    /** @param bare whether there was no hypervisor, and so no exits */
    DeviceTable(Frequency clock, boolean bare) {
        this.clock = clock;
        this.bare = bare;
    }

    /** By name. */
    Map<String, DeviceCounts> of(Map<String, DeviceStats> devices) {
        Map<String, DeviceCounts> all = new LinkedHashMap<>();
        devices.forEach((name, stats) -> all.put(name, counts(stats)));
        return all;
    }

    private DeviceCounts counts(DeviceStats stats) {
        long operations = stats.received() + stats.sent();
        long exits = stats.exits().values().stream().mapToLong(Long::longValue).sum();
        return new DeviceCounts(
                operations,
                stats.received(),
                stats.sent(),
                stats.bytes(),
                bitsPerSecond(stats),
                stats.drops(),
                stats.interrupts(),
                bare ? null : Ratio.of(exits, operations),
                bare ? Map.of() : exits(stats.exits(), exits, operations),
                latency(stats.latencies()));
    }

    private @Nullable Double bitsPerSecond(DeviceStats stats) {
        Double perCycle = Ratio.of(stats.bytes() * BYTE_BITS, stats.cycles());
        return perCycle == null ? null : (Double) (perCycle * clock.hertz());
    }

    private static Map<String, DeviceExits> exits(Map<ExitReason, Long> byReason, long total, long operations) {
        Map<String, DeviceExits> all = new LinkedHashMap<>();
        byReason.forEach((reason, count) -> all.put(reason.name(), exits(count, operations)));
        all.put("total", exits(total, operations));
        return all;
    }

    private static DeviceExits exits(long count, long operations) {
        return new DeviceExits(count, Ratio.of(count, operations));
    }

    private static Latency latency(LatencyHistogram latencies) {
        return latencies.count() == 0
                ? new Latency(null, null, null, null, null)
                : new Latency(
                        Ratio.of(latencies.sumCycles(), latencies.count()),
                        latencies.quantileCycles(0.5),
                        latencies.quantileCycles(0.9),
                        latencies.quantileCycles(0.99),
                        latencies.longestCycles());
    }
}

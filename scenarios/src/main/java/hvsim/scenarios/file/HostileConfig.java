package hvsim.scenarios.file;

import hvsim.cpu.KernelEvent;
import hvsim.scenarios.file.WorkloadConfig.InstructionRate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code workload.hostile}: what a guest does to get what is not its own.
 *
 * @param interruptsOff how long it keeps its interrupts off at a time
 * @param events of its kernel, and how often they come
 * @param instructions of its program
 */
record HostileConfig(Time interruptsOff, Map<KernelEvent, Rate> events, List<InstructionRate> instructions) {
    static final HostileConfig NONE = new HostileConfig(new Time(5_000_000), Map.of(), List.of());

    HostileConfig {
        events = Collections.unmodifiableMap(new LinkedHashMap<>(events));
        instructions = List.copyOf(instructions);
    }
}

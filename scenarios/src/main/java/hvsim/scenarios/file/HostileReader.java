package hvsim.scenarios.file;

import hvsim.cpu.KernelEvent;
import hvsim.cpu.instruction.Instruction;
import hvsim.scenarios.file.WorkloadConfig.InstructionRate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads {@code workload.hostile}. */
final class HostileReader {
    private static final long MOST_NANOS = 1_000_000_000;
    private static final int KERNEL = 0;
    private static final int USER = 3;

    /** What every privilege level may execute, and what shows registers that a hypervisor has values of its own in. */
    private static final List<Instruction> HOST_STATE =
            List.of(Instruction.SGDT, Instruction.SIDT, Instruction.SLDT, Instruction.STR, Instruction.SMSW);

    private HostileReader() {}

    static HostileConfig read(Section workload) {
        Section hostile = workload.section("hostile");
        Map<KernelEvent, Rate> events = new LinkedHashMap<>();
        put(events, KernelEvent.FOREIGN_FRAME, rate(hostile, "foreign_frame"));
        put(events, KernelEvent.BEYOND_MEMORY, rate(hostile, "beyond_memory"));
        put(events, KernelEvent.INTERRUPTS_OFF, rate(hostile, "interrupts_off"));
        List<InstructionRate> instructions = new ArrayList<>();
        add(instructions, List.of(Instruction.VMCALL), KERNEL, rate(hostile, "hypercall"));
        add(instructions, HOST_STATE, USER, rate(hostile, "host_state"));
        Time off =
                hostile.value("interrupts_off_for", HostileConfig.NONE.interruptsOff(), Kind.time(1_000, MOST_NANOS));
        hostile.close();
        if (events.isEmpty() && instructions.isEmpty()) {
            workload.hide("hostile");
        }
        return new HostileConfig(off, events, instructions);
    }

    private static Rate rate(Section hostile, String key) {
        return hostile.value(key, Rate.NEVER, Rate::parse);
    }

    private static void put(Map<KernelEvent, Rate> events, KernelEvent event, Rate rate) {
        if (rate.count() > 0) {
            events.put(event, rate);
        }
    }

    private static void add(List<InstructionRate> all, List<Instruction> instructions, int cpl, Rate rate) {
        if (rate.count() > 0) {
            instructions.forEach(each -> all.add(new InstructionRate(each, cpl, OptionalLong.empty(), rate)));
        }
    }
}

package hvsim.scenarios.file;

import hvsim.cpu.KernelEvent;
import hvsim.scenarios.file.WorkloadConfig.KernelConfig;
import hvsim.scenarios.file.WorkloadConfig.Shootdown;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code workload.kernel}. */
final class KernelReader {
    /** PCIDs have 12 bits, 0 is the kernel's, and each process may have a child. */
    private static final int MOST_WITH_PCID = 2047;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** The events that have a rate, by the word of their key. */
    private static final Map<String, KernelEvent> EVENTS = events();

    private KernelReader() {}

    private static Map<String, KernelEvent> events() {
        Map<String, KernelEvent> events = new LinkedHashMap<>();
        events.put("page_fault", KernelEvent.PAGE_FAULT);
        events.put("map", KernelEvent.MAP);
        events.put("unmap", KernelEvent.UNMAP);
        events.put("protect", KernelEvent.PROTECT);
        events.put("fork", KernelEvent.FORK);
        events.put("exec", KernelEvent.EXEC);
        events.put("exit", KernelEvent.EXIT);
        events.put("syscall", KernelEvent.SYSCALL);
        events.put("lock", KernelEvent.LOCK);
        events.put("patch", KernelEvent.PATCH);
        events.put("process_switch", KernelEvent.PROCESS_SWITCH);
        return events;
    }

    static KernelConfig read(Section kernel, MachineConfig machine) {
        boolean pcid = MachineRules.uses(kernel, machine, MachineFeature.PCID);
        KernelConfig config = new KernelConfig(
                kernel.value("processes", 1, processes(pcid)),
                pcid,
                kernel.value("global_pages", true, Kind.SWITCH),
                kernel.value("paging", Paging.PREMAPPED, Kind.choice(Paging.class)),
                kernel.value("pages", 1, Kind.count(1, 512)),
                kernel.optional("syscall_by", Kind.choice(SyscallBy.class)),
                shootdown(kernel.section("shootdown")),
                kernel.value("lock_hold", new Time(1_000), Kind.time(0, NANOS_PER_SECOND)),
                kernel.optional("timer", Kind.frequency(1, 100_000)),
                HostileConfig.NONE.interruptsOff(),
                rates(kernel));
        kernel.close();
        return config;
    }

    private static Shootdown shootdown(Section shootdown) {
        Shootdown read = new Shootdown(
                shootdown.value("batch", 33, Kind.count(0, 1 << 20)), shootdown.value("lazy", true, Kind.SWITCH));
        shootdown.close();
        return read;
    }

    private static Map<KernelEvent, Rate> rates(Section kernel) {
        Map<KernelEvent, Rate> rates = new LinkedHashMap<>();
        EVENTS.forEach((word, event) -> {
            Rate rate = kernel.value(word, Rate.NEVER, Rate::parse);
            if (rate.count() > 0) {
                rates.put(event, rate);
            }
        });
        return rates;
    }

    private static Kind<Integer> processes(boolean pcid) {
        Kind<Integer> any = Kind.count(1, 1 << 16);
        return text -> {
            int count = any.read(text);
            if (pcid && count > MOST_WITH_PCID) {
                throw new BadValueException(
                        "'" + count + "' processes with pcid: on",
                        "PCIDs have 12 bits, 0 is the kernel's, and each process may have a child: at most "
                                + MOST_WITH_PCID + "; or pcid: off");
            }
            return count;
        };
    }
}

package hvsim.scenarios.file;

import hvsim.cpu.vmx.ExitReason;
import hvsim.scenarios.file.HypervisorConfig.HypervisorCycles;
import hvsim.scenarios.file.HypervisorConfig.SchedulerConfig;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads {@code hypervisor}. */
final class HypervisorReader {
    private static final Kind<Integer> CYCLES = Kind.count(0, MachineReader.MOST_CYCLES);

    private HypervisorReader() {}

    /** @param silicon the keys of the machine, after it was read as {@code machine} */
    static HypervisorConfig read(Section hypervisor, Section silicon, MachineConfig machine) {
        HypervisorType type = hypervisor.value("type", HypervisorType.BARE_METAL, Kind.choice(HypervisorType.class));
        CpuTechnique cpu = hypervisor.value("cpu", CpuTechnique.HARDWARE, Kind.choice(CpuTechnique.class));
        MemoryTechnique follows = cpu == CpuTechnique.NATIVE ? MemoryTechnique.NATIVE : MemoryTechnique.NESTED;
        MemoryTechnique memory = hypervisor.value("memory", follows, Kind.choice(MemoryTechnique.class));
        if (hypervisor.isSound() && memory != follows) {
            refuse(hypervisor, cpu, memory, follows);
        }
        if (memory == MemoryTechnique.NESTED) {
            MachineRules.checkSecondStage(hypervisor, silicon, machine);
        }
        Section schedulerKeys = hypervisor.section("scheduler");
        SchedulerConfig scheduler = scheduler(schedulerKeys);
        Section featureKeys = hypervisor.section("features");
        Features features = features(featureKeys, machine);
        Section cycleKeys = hypervisor.section("cycles");
        HypervisorCycles cycles = cycles(cycleKeys);
        if (cpu == CpuTechnique.NATIVE) {
            List.of(schedulerKeys, featureKeys, cycleKeys).forEach(Section::noEffectNatively);
        }
        hypervisor.close();
        return new HypervisorConfig(type, cpu, memory, scheduler, features, cycles);
    }

    private static void refuse(Section hypervisor, CpuTechnique cpu, MemoryTechnique memory, MemoryTechnique follows) {
        String why = cpu == CpuTechnique.NATIVE
                ? "without a hypervisor there is no second stage"
                : "a guest in non-root mode needs a second stage, or it would see the machine's frames";
        hypervisor.fault(
                hypervisor.at(hypervisor.has("memory") ? "memory" : "cpu"),
                "",
                "cpu '" + cpu.word() + "' with memory '" + memory.word() + "': " + why,
                "use hypervisor.memory: " + follows.word() + " (the default for it)");
    }

    private static SchedulerConfig scheduler(Section scheduler) {
        SchedulerPolicy policy =
                scheduler.value("policy", SchedulerPolicy.ROUND_ROBIN, Kind.choice(SchedulerPolicy.class));
        Time slice = scheduler.value("slice", new Time(1_000_000), Kind.time(1_000, 1_000_000_000_000L));
        scheduler.close();
        return new SchedulerConfig(policy, slice);
    }

    private static Features features(Section f, MachineConfig machine) {
        boolean vpid = MachineRules.uses(f, machine, MachineFeature.VPID);
        boolean accessedDirty = MachineRules.uses(f, machine, MachineFeature.EPT_ACCESSED_DIRTY);
        MachineRules.checkAccessedDirty(f, machine, accessedDirty);
        boolean msrBitmap = f.value("msr_bitmap", true, Kind.SWITCH);
        boolean ioBitmap = f.value("io_bitmap", true, Kind.SWITCH);
        boolean preemptionTimer = MachineRules.uses(f, machine, MachineFeature.PREEMPTION_TIMER);
        boolean hlt = f.value("hlt_exiting", true, Kind.SWITCH);
        boolean rdtsc = f.value("rdtsc_exiting", false, Kind.SWITCH);
        boolean pause = f.value("pause_exiting", false, Kind.SWITCH);
        boolean invlpg = f.value("invlpg_exiting", false, Kind.SWITCH);
        boolean cr3Load = f.value("cr3_load_exiting", false, Kind.SWITCH);
        boolean cr3Store = f.value("cr3_store_exiting", false, Kind.SWITCH);
        List<Integer> vectors = f.list("exception_bitmap", List.of(), Kind.count(0, 31));
        f.close();
        return new Features(
                vpid,
                accessedDirty,
                msrBitmap,
                ioBitmap,
                preemptionTimer,
                hlt,
                rdtsc,
                pause,
                invlpg,
                cr3Load,
                cr3Store,
                vectors.stream().distinct().sorted().toList());
    }

    private static HypervisorCycles cycles(Section cycles) {
        int dispatch = cycles.required("dispatch", 0, CYCLES);
        Map<ExitReason, Integer> reasons = new EnumMap<>(ExitReason.class);
        for (ExitReason reason : ExitReason.values()) {
            cycles.optional(reason.name(), CYCLES).ifPresent(own -> reasons.put(reason, own));
        }
        cycles.close();
        return new HypervisorCycles(dispatch, reasons);
    }
}

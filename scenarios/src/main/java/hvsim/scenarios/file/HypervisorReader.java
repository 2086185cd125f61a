package hvsim.scenarios.file;

import hvsim.cpu.event.TrapReason;
import hvsim.cpu.vmx.ExitReason;
import hvsim.scenarios.file.HypervisorConfig.HandlersConfig;
import hvsim.scenarios.file.HypervisorConfig.HostConfig;
import hvsim.scenarios.file.HypervisorConfig.HypervisorCycles;
import hvsim.scenarios.file.HypervisorConfig.ParavirtualConfig;
import hvsim.scenarios.file.HypervisorConfig.SchedulerConfig;
import hvsim.scenarios.file.HypervisorConfig.ServiceVmConfig;
import hvsim.scenarios.file.HypervisorConfig.ShadowConfig;
import hvsim.scenarios.file.HypervisorConfig.TranslationConfig;
import hvsim.vmm.cpu.translation.TranslationSpec;
import hvsim.vmm.memory.shadow.ShadowSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads {@code hypervisor}. */
final class HypervisorReader {
    private static final Kind<Integer> CYCLES = Kind.count(0, MachineReader.MOST_CYCLES);

    /** F162 Barham et al. (2003): 8 MiB of address space. */
    private static final int MOST_UPDATES = 2048;

    private static final long MOST_ADVANCE_NANOS = 1_000_000;

    private HypervisorReader() {}

    /** @param silicon the keys of the machine, after it was read as {@code machine} */
    static HypervisorConfig read(Section hypervisor, Section silicon, MachineConfig machine) {
        HypervisorType type = hypervisor.value("type", HypervisorType.BARE_METAL, Kind.choice(HypervisorType.class));
        CpuTechnique cpu = hypervisor.value("cpu", CpuTechnique.HARDWARE, Kind.choice(CpuTechnique.class));
        MemoryTechnique follows = CombinationRules.memoryFor(cpu, machine.walk().by());
        MemoryTechnique memory = hypervisor.value("memory", follows, Kind.choice(MemoryTechnique.class));
        CombinationRules.check(hypervisor, silicon, cpu, memory, machine.walk().by());
        if (memory == MemoryTechnique.NESTED) {
            MachineRules.checkSecondStage(hypervisor, silicon, machine);
        }
        SchedulerConfig scheduler = scheduler(hypervisor.section("scheduler"));
        Features features = features(hypervisor.section("features"), machine);
        HandlersConfig handlers = handlers(hypervisor.section("handlers"));
        ShadowConfig shadow = shadow(hypervisor.section("shadow"));
        ParavirtualConfig paravirtual = paravirtual(hypervisor.section("paravirtual"));
        CombinationRules.checkDeprivileged(hypervisor, silicon, cpu, machine);
        TranslationConfig translation = translation(hypervisor.section("translation"));
        HostConfig host = HostReader.host(hypervisor.section("host"));
        ServiceVmConfig service = HostReader.serviceVm(hypervisor.section("service_vm"), machine);
        HypervisorCycles cycles = cycles(hypervisor.section("cycles"));
        HypervisorConfig config = new HypervisorConfig(
                type,
                cpu,
                memory,
                scheduler,
                features,
                handlers,
                shadow,
                translation,
                paravirtual,
                host,
                service,
                cycles);
        HostReader.check(hypervisor, config);
        hypervisor.close();
        return config;
    }

    private static SchedulerConfig scheduler(Section scheduler) {
        SchedulerPolicy policy =
                scheduler.value("policy", SchedulerPolicy.ROUND_ROBIN, Kind.choice(SchedulerPolicy.class));
        Time slice = scheduler.value("slice", new Time(1_000_000), Kind.time(1_000, 1_000_000_000_000L));
        scheduler.close();
        return new SchedulerConfig(policy, slice);
    }

    private static HandlersConfig handlers(Section handlers) {
        Ports ports = handlers.value("ports", Ports.KERNEL, Kind.choice(Ports.class));
        boolean shortPath = handlers.value("short_path", false, Kind.SWITCH);
        Time advance = handlers.value("timer_advance", new Time(0), Kind.time(0, MOST_ADVANCE_NANOS));
        handlers.close();
        return new HandlersConfig(ports, shortPath, advance);
    }

    private static ShadowConfig shadow(Section shadow) {
        int roots = shadow.value("roots", 16, Kind.count(1, 4096));
        boolean outOfSync = shadow.value("out_of_sync", true, Kind.SWITCH);
        Bytes memory = shadow.value("memory", new Bytes(64L << 20), Kind.bytes(ShadowSpec.LEAST_BYTES, 1L << 40, 4096));
        shadow.close();
        return new ShadowConfig(roots, outOfSync, memory);
    }

    private static TranslationConfig translation(Section translation) {
        Kind<Bytes> room =
                Kind.bytes(TranslationSpec.PAGE_BYTES, TranslationSpec.MOST_BYTES, TranslationSpec.PAGE_BYTES);
        Bytes codeCache = translation.value("code_cache", new Bytes(4L << 20), room);
        boolean chaining = translation.value("chaining", true, Kind.SWITCH);
        boolean adaptive = translation.value("adaptive", true, Kind.SWITCH);
        translation.close();
        return new TranslationConfig(codeCache, chaining, adaptive);
    }

    private static ParavirtualConfig paravirtual(Section paravirtual) {
        int batch = paravirtual.value("batch", 32, Kind.count(1, MOST_UPDATES));
        paravirtual.close();
        return new ParavirtualConfig(batch);
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
        boolean unrestricted = MachineRules.uses(f, machine, MachineFeature.UNRESTRICTED_GUEST);
        boolean pauseLoop = MachineRules.uses(f, machine, MachineFeature.PAUSE_LOOP_EXITING);
        boolean shadowing = MachineRules.uses(f, machine, MachineFeature.VMCS_SHADOWING);
        Features.ApicFeatures apic = apic(f, machine);
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
                pauseLoop,
                shadowing,
                unrestricted,
                apic,
                vectors.stream().distinct().sorted().toList());
    }

    /** Each is built upon the one before. */
    private static Features.ApicFeatures apic(Section f, MachineConfig machine) {
        boolean shadow = MachineRules.uses(f, machine, MachineFeature.TPR_SHADOW);
        boolean delivers = builtOn(f, shadow, "tpr_shadow", machine, MachineFeature.VIRTUAL_INTERRUPTS);
        boolean registers = f.value("apic_registers", delivers, Kind.SWITCH);
        if (registers && !delivers) {
            needs(f, "apic_registers", "virtual_interrupts");
        }
        boolean posted = builtOn(f, delivers, "virtual_interrupts", machine, MachineFeature.POSTED_INTERRUPTS);
        boolean ipis = builtOn(f, posted, "posted_interrupts", machine, MachineFeature.IPI_VIRTUALIZATION);
        return new Features.ApicFeatures(shadow, delivers, registers && delivers, posted, ipis);
    }

    /** Off by default where what it is built upon is off. */
    private static boolean builtOn(
            Section f, boolean base, String baseName, MachineConfig machine, MachineFeature feature) {
        if (base) {
            return MachineRules.uses(f, machine, feature);
        }
        if (f.value(feature.word(), false, Kind.SWITCH)) {
            needs(f, feature.word(), baseName);
        }
        return false;
    }

    private static void needs(Section f, String key, String base) {
        f.fault(key, "is built upon " + base + ", which is off", "use " + base + ": on, or take " + key + " away");
    }

    private static HypervisorCycles cycles(Section cycles) {
        int dispatch = cycles.required("dispatch", 0, CYCLES);
        int userSpace = cycles.required("user_space", 0, CYCLES);
        int worldSwitch = cycles.required("world_switch", 0, CYCLES);
        int translate = cycles.required("translate", 0, CYCLES);
        int lookUp = cycles.required("look_up", 0, CYCLES);
        Map<ExitReason, Integer> reasons = new EnumMap<>(ExitReason.class);
        for (ExitReason reason : ExitReason.values()) {
            cycles.optional(reason.name(), CYCLES).ifPresent(own -> reasons.put(reason, own));
        }
        Map<TrapReason, Integer> traps = new EnumMap<>(TrapReason.class);
        for (TrapReason reason : TrapReason.values()) {
            cycles.optional(reason.name(), CYCLES).ifPresent(own -> traps.put(reason, own));
        }
        cycles.close();
        return new HypervisorCycles(dispatch, userSpace, worldSwitch, translate, lookUp, reasons, traps);
    }
}

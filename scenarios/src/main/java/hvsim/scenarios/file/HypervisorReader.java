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
        DeviceTechnique device =
                hypervisor.value("device", DeviceTechnique.EMULATED, Kind.choice(DeviceTechnique.class));
        SchedulerConfig scheduler = scheduler(hypervisor.section("scheduler"));
        Features features = FeaturesReader.ofMachine(hypervisor.section("features"), machine);
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
                device,
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

    private static HypervisorCycles cycles(Section cycles) {
        int dispatch = cycles.required("dispatch", 0, CYCLES);
        int userSpace = cycles.required("user_space", 0, CYCLES);
        int worldSwitch = cycles.required("world_switch", 0, CYCLES);
        int translate = cycles.required("translate", 0, CYCLES);
        int lookUp = cycles.required("look_up", 0, CYCLES);
        int shadow = cycles.required("shadow", 0, CYCLES);
        Map<ExitReason, Integer> reasons = new EnumMap<>(ExitReason.class);
        for (ExitReason reason : ExitReason.values()) {
            cycles.optional(reason.name(), CYCLES).ifPresent(own -> reasons.put(reason, own));
        }
        Map<TrapReason, Integer> traps = new EnumMap<>(TrapReason.class);
        for (TrapReason reason : TrapReason.values()) {
            cycles.optional(reason.name(), CYCLES).ifPresent(own -> traps.put(reason, own));
        }
        cycles.close();
        return new HypervisorCycles(dispatch, userSpace, worldSwitch, translate, lookUp, shadow, reasons, traps);
    }
}

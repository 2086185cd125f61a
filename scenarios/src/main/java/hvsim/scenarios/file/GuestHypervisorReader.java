package hvsim.scenarios.file;

import hvsim.cpu.vmx.ExitReason;
import hvsim.scenarios.file.HypervisorConfig.HandlersConfig;
import hvsim.scenarios.file.HypervisorConfig.HypervisorCycles;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code vms.NAME.hypervisor}: a hypervisor that is a guest itself. It has the keys of {@code hypervisor} that it
 * can have: one guest, which it does not schedule; and no more of the hardware than the hypervisor below offers it.
 */
final class GuestHypervisorReader {
    private static final Kind<Integer> CYCLES = Kind.count(0, MachineReader.MOST_CYCLES);

    /** What the hypervisor below keeps to itself. */
    private static final List<String> NOT_OFFERED = List.of(
            "ept_accessed_dirty",
            "preemption_timer",
            "tpr_shadow",
            "virtual_interrupts",
            "apic_registers",
            "posted_interrupts",
            "ipi_virtualization",
            "vmcs_shadowing");

    private GuestHypervisorReader() {}

    /** @param below what the VM runs on; where the own one is silent, its software takes as long */
    static Optional<HypervisorConfig> read(Section vm, HypervisorConfig below, MachineConfig machine) {
        Section own = vm.section("hypervisor");
        if (!vm.has("hypervisor")) {
            vm.hide("hypervisor");
            return Optional.empty();
        }
        CpuTechnique cpu = own.value("cpu", CpuTechnique.HARDWARE, Kind.choice(CpuTechnique.class));
        MemoryTechnique memory = own.value("memory", MemoryTechnique.NESTED, Kind.choice(MemoryTechnique.class));
        NestedRules.check(vm, own, cpu, memory, below, machine);
        Features features = features(own.section("features"), below.features());
        HypervisorCycles cycles = cycles(own.section("cycles"), below.cycles());
        own.close();
        HandlersConfig handlers = new HandlersConfig(Ports.KERNEL, false, new Time(0));
        return Optional.of(below.inGuest(cpu, memory, features, handlers, cycles));
    }

    private static Features features(Section f, Features below) {
        for (String feature : NOT_OFFERED) {
            if (f.value(feature, false, Kind.SWITCH)) {
                f.fault(
                        feature,
                        "a hypervisor that is a guest is not offered it",
                        "leave it off; hypervisor.features has what the machine's hypervisor uses");
            }
        }
        boolean vpid = f.value("vpid", below.vpid(), Kind.SWITCH);
        boolean msrBitmap = f.value("msr_bitmap", true, Kind.SWITCH);
        boolean ioBitmap = f.value("io_bitmap", true, Kind.SWITCH);
        boolean hlt = f.value("hlt_exiting", true, Kind.SWITCH);
        boolean rdtsc = f.value("rdtsc_exiting", false, Kind.SWITCH);
        boolean pause = f.value("pause_exiting", false, Kind.SWITCH);
        boolean invlpg = f.value("invlpg_exiting", false, Kind.SWITCH);
        boolean cr3Load = f.value("cr3_load_exiting", false, Kind.SWITCH);
        boolean cr3Store = f.value("cr3_store_exiting", false, Kind.SWITCH);
        boolean pauseLoop = f.value("pause_loop_exiting", false, Kind.SWITCH);
        List<Integer> vectors = f.list("exception_bitmap", List.of(), Kind.count(0, 31));
        f.close();
        return new Features(
                vpid,
                false,
                msrBitmap,
                ioBitmap,
                false,
                hlt,
                rdtsc,
                pause,
                invlpg,
                cr3Load,
                cr3Store,
                pauseLoop,
                false,
                false,
                new Features.ApicFeatures(false, false, false, false, false),
                vectors.stream().distinct().sorted().toList());
    }

    private static HypervisorCycles cycles(Section cycles, HypervisorCycles below) {
        int dispatch = cycles.value("dispatch", below.dispatch(), CYCLES);
        Map<ExitReason, Integer> reasons = new EnumMap<>(ExitReason.class);
        reasons.putAll(below.reasons());
        for (ExitReason reason : ExitReason.values()) {
            cycles.optional(reason.name(), CYCLES).ifPresent(own -> reasons.put(reason, own));
        }
        cycles.close();
        return below.with(dispatch, reasons);
    }
}

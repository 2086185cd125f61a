package hvsim.scenarios.file;

import hvsim.cpu.vmx.ExitReason;
import hvsim.scenarios.file.HypervisorConfig.HandlersConfig;
import hvsim.scenarios.file.HypervisorConfig.HypervisorCycles;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code vms.NAME.hypervisor}: a hypervisor that is a guest itself. It has the keys of {@code hypervisor} that it
 * can have: one guest, which it does not schedule; and no more of the hardware than the hypervisor below offers it.
 */
final class GuestHypervisorReader {
    private static final Kind<Integer> CYCLES = Kind.count(0, MachineReader.MOST_CYCLES);

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
        Features features = FeaturesReader.inGuest(own.section("features"), below.features());
        HypervisorCycles cycles = cycles(own.section("cycles"), below.cycles());
        own.close();
        HandlersConfig handlers = new HandlersConfig(Ports.KERNEL, false, new Time(0));
        return Optional.of(below.inGuest(cpu, memory, features, handlers, cycles));
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

package hvsim.scenarios.file;

import hvsim.scenarios.file.HypervisorConfig.SchedulerConfig;
import hvsim.scenarios.file.Node.MapNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Reads {@code vms}. */
final class VmsReader {
    static final int MOST_VMS = 1000;
    static final int MOST_VCPUS = 64;

    private static final String DEFAULT_NAME = "vm";

    private final Section vms;
    private final Section topWorkload;
    private final WorkloadConfig workload;
    private final MapNode workloadNode;

    /**
     * @param topWorkload the top-level workload after it was read as {@code workload}
     * @param workloadNode the same as written
     */
    VmsReader(Section vms, Section topWorkload, WorkloadConfig workload, MapNode workloadNode) {
        this.vms = vms;
        this.topWorkload = topWorkload;
        this.workload = workload;
        this.workloadNode = workloadNode;
    }

    Map<String, VmConfig> read(MachineConfig machine, HypervisorConfig hypervisor) {
        Map<String, VmConfig> all = new LinkedHashMap<>();
        List<String> names = vms.names().isEmpty() ? List.of(DEFAULT_NAME) : List.copyOf(vms.names());
        for (String name : names) {
            Section vm = vms.section(name);
            if (!Kind.NAME.matcher(name).matches()) {
                vms.fault(name, "is no name for a VM", "a letter, then letters, digits, _ and -; at most 40");
            }
            all.put(name, vm(vm, hypervisor, machine));
        }
        vms.close();
        if (vms.isSound()) {
            VmRules.checkTogether(vms, all, machine);
            DeviceRules.checkTogether(vms, all);
        }
        return all;
    }

    private VmConfig vm(Section vm, HypervisorConfig hypervisor, MachineConfig machine) {
        int count = vm.value("count", 1, Kind.count(1, MOST_VMS));
        int vcpus = vm.value("vcpus", 1, Kind.count(1, MOST_VCPUS));
        List<Integer> pin = vm.list("pin", List.of(), Kind.count(0, MachineReader.MOST_CORES - 1));
        int weight = vm.value("weight", SchedulerConfig.DEFAULT_WEIGHT, Kind.count(1, 10_000));
        Bytes memory = vm.value("memory", new Bytes(1L << 30), Kind.bytes(1 << 20, 1L << 52, 4096));
        OperatingMode mode = vm.value("mode", OperatingMode.LONG, Kind.choice(OperatingMode.class));
        GuestPageChoice guestPage = vm.value("guest_page", GuestPageChoice.KIB_4, Kind.choice(GuestPageChoice.class));
        PageChoice hostPage = vm.value("host_page", PageChoice.KIB_4, Kind.choice(PageChoice.class));
        MachineRules.checkPage(vm, "guest_page", guestPage.bytes(), machine);
        if (hypervisor.cpu() != CpuTechnique.NATIVE) {
            MachineRules.checkPage(vm, "host_page", hostPage.bytes(), machine);
        }
        Backing backing = vm.value("backing", Backing.DEMAND, Kind.choice(Backing.class));
        Optional<HypervisorConfig> own = GuestHypervisorReader.read(vm, hypervisor, machine);
        Map<String, VmDeviceConfig> devices = DevicesReader.ofVm(vm, hypervisor.device());
        boolean sound = vm.isSound();
        VmConfig config = new VmConfig(
                count,
                vcpus,
                List.copyOf(new TreeSet<>(pin)),
                weight,
                memory,
                mode,
                guestPage,
                hostPage,
                backing,
                own,
                devices,
                workload(vm, machine));
        vm.close();
        if (sound) {
            ModeRules.check(vm, config, hypervisor);
            NestedRules.checkMode(vm, config);
            VmRules.check(vm, config);
            DeviceRules.check(vm, config, hypervisor, machine);
            CombinationRules.checkGuestPage(vm, hypervisor.memory(), guestPage);
            VmRules.checkPin(vm, config, machine.cores());
            VmRules.checkTraces(vm, config);
        }
        return config;
    }

    private WorkloadConfig workload(Section vm, MachineConfig machine) {
        if (!vm.has("workload")) {
            vm.section("workload");
            vm.hide("workload");
            return workload;
        }
        Section own = vm.over("workload", workloadNode);
        WorkloadConfig config = WorkloadReader.read(own, machine);
        vm.binding().overlay(vm.path() + ".workload", asWritten(vm.group("workload"), own.plain()));
        return config;
    }

    /** Shows what each VM's workload takes away of the common one; after it is clear what is shown at all. */
    void showTakenAway() {
        vms.names().stream()
                .flatMap(name -> vms.child(name).stream())
                .filter(vm -> vm.has("workload"))
                .forEach(vm -> vm.group(List.of("workload")).showTakenAway(topWorkload.plain()));
    }

    /** With the path of its trace as the scenario itself would write it. */
    @SuppressWarnings("unchecked")
    private static Object asWritten(MapNode own, Map<String, Object> read) {
        Map<String, Object> plain = new LinkedHashMap<>();
        own.entries().forEach((key, entry) -> plain.put(key, Trees.plain(entry.value())));
        if (plain.get("references") instanceof Map<?, ?> references
                && references.containsKey("trace")
                && read.get("references") instanceof Map<?, ?> readReferences) {
            ((Map<String, Object>) references).put("trace", readReferences.get("trace"));
        }
        return plain;
    }
}

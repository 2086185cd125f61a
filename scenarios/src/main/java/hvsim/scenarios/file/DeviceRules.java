package hvsim.scenarios.file;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What devices go with. */
final class DeviceRules {
    private DeviceRules() {}

    /** @param vm after all in it was read */
    static void check(Section vm, VmConfig config, HypervisorConfig hypervisor, MachineConfig machine) {
        Section devices = vm.group(List.of("devices"));
        for (String name : config.devices().keySet()) {
            String why = hindrance(config, hypervisor);
            if (!machine.devices().containsKey(name)) {
                devices.fault(
                        devices.keyAt(name),
                        devices.path(),
                        "the machine has no device " + Text.quoted(name),
                        machine.devices().isEmpty()
                                ? "machine.devices says what it has: {" + name + ": {kind: nic}}"
                                : "its devices: "
                                        + String.join(", ", machine.devices().keySet()));
            } else if (!why.isEmpty()) {
                devices.fault(
                        devices.keyAt(name), devices.path() + "." + name, why, "use cpu: hardware and memory: nested");
            }
        }
    }

    private static String hindrance(VmConfig vm, HypervisorConfig hypervisor) {
        if (vm.mode() == OperatingMode.REAL) {
            return "nothing drives devices in real-address mode";
        }
        if (hypervisor.cpu() == CpuTechnique.NATIVE) {
            return "";
        }
        if (vm.hypervisor().isPresent()) {
            return "devices of a VM that has a hypervisor of its own are not available yet";
        }
        return hypervisor.cpu() == CpuTechnique.HARDWARE && hypervisor.memory() == MemoryTechnique.NESTED
                ? ""
                : "devices with cpu '" + hypervisor.cpu().word() + "' and memory '"
                        + hypervisor.memory().word() + "' are not available yet";
    }

    /** A device that cannot be shared belongs to one VM; so far none can. */
    static void checkTogether(Section vms, Map<String, VmConfig> all) {
        Map<String, String> owners = new LinkedHashMap<>();
        all.forEach((name, vm) -> vm.devices().keySet().forEach(device -> {
            String owner = vm.count() > 1 ? name + "-1" : owners.putIfAbsent(device, name);
            if (owner != null) {
                Section devices = vms.group(List.of(name, "devices"));
                devices.fault(
                        devices.keyAt(device),
                        devices.path(),
                        device + " is used by " + Text.quoted(owner) + " and "
                                + Text.quoted(vm.count() > 1 ? name + "-2" : name) + ", but has sharing: none",
                        "a device that several VMs share is not available yet; give each VM one of its own");
            }
        }));
    }
}

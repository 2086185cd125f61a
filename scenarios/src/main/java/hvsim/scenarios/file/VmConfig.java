package hvsim.scenarios.file;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code vms.NAME}: one virtual machine, or {@code count} equal ones.
 *
 * @param pin cores that its virtual processors may run on; empty for all
 * @param weight its virtual processors' share of a core under proportional_share
 * @param mode of its processors
 * @param guestPage leaf size of the guest's tables
 * @param hostPage leaf size of the second stage
 * @param hypervisor of its own, under which the workload runs one level down
 * @param devices of the machine that it uses, by name
 * @param workload the top-level workload, with what this VM changes of it
 */
public record VmConfig(
        int count,
        int vcpus,
        List<Integer> pin,
        int weight,
        Bytes memory,
        OperatingMode mode,
        GuestPageChoice guestPage,
        PageChoice hostPage,
        Backing backing,
        Optional<HypervisorConfig> hypervisor,
        Map<String, VmDeviceConfig> devices,
        WorkloadConfig workload) {

    /** The same as far as it matters without a hypervisor below. */
    public VmConfig natively() {
        return new VmConfig(
                1,
                vcpus,
                List.of(),
                1,
                memory,
                mode,
                guestPage,
                PageChoice.KIB_4,
                Backing.DEMAND,
                Optional.empty(),
                natively(devices),
                workload);
    }

    private static Map<String, VmDeviceConfig> natively(Map<String, VmDeviceConfig> devices) {
        Map<String, VmDeviceConfig> all = new LinkedHashMap<>();
        devices.forEach((name, device) -> all.put(name, device.natively()));
        return all;
    }

    VmConfig single() {
        return new VmConfig(
                1, vcpus, pin, weight, memory, mode, guestPage, hostPage, backing, hypervisor, devices, workload);
    }
}

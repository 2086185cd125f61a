package hvsim.scenarios.file;

import java.util.HashMap;
import java.util.Map;

/** What VMs have to fulfil, each alone and all together. */
final class VmRules {
    private static final int ENTRIES = 512;

    /** Rings and buffers of a device: 2 pages, and 256 buffers of 2 KiB each way. */
    private static final long DEVICE_BYTES = 8192 + (1 << 20);

    private VmRules() {}

    static void check(Section vm, VmConfig config) {
        checkPage(
                vm, "guest_page", config.guestPage().word(), config.guestPage().bytes(), config.memory());
        checkPage(vm, "host_page", config.hostPage().word(), config.hostPage().bytes(), config.memory());
        for (References references : config.workload().allReferences()) {
            if (vm.isSound() && references instanceof References.Synthetic synthetic) {
                checkWorkingSet(vm, config, synthetic.workingSet());
            }
        }
    }

    private static void checkPage(Section vm, String key, String page, long pageBytes, Bytes memory) {
        if (pageBytes > memory.bytes()) {
            vm.fault(key, page + " is larger than the VM's memory of " + memory, "use a smaller page, or more memory");
        } else if (memory.bytes() % pageBytes != 0) {
            Bytes more = new Bytes((memory.bytes() / pageBytes + 1) * pageBytes);
            vm.fault(
                    "memory",
                    memory + " is no whole number of pages of " + page + " (" + key + ")",
                    more + " would be");
        }
    }

    private static void checkWorkingSet(Section vm, VmConfig config, Bytes workingSet) {
        long needed = neededBytes(workingSet.bytes(), config.guestPage().bytes())
                + config.devices().size() * DEVICE_BYTES;
        if (needed > config.memory().bytes()) {
            long step = Math.max(
                    1 << 20,
                    Math.max(config.guestPage().bytes(), config.hostPage().bytes()));
            vm.fault(
                    "memory",
                    "a working set of " + workingSet + " does not fit into " + config.memory() + " with its page tables"
                            + (config.devices().isEmpty() ? "" : " and buffers"),
                    new Bytes((needed + step - 1) / step * step) + " would do");
        }
    }

    static void checkPin(Section vm, VmConfig config, int cores) {
        for (int core : config.pin()) {
            if (core >= cores) {
                vm.fault("pin", "the machine has no core " + core, "its cores are 0 to " + (cores - 1));
                return;
            }
        }
    }

    /** The pages of one process and the tables that map them. */
    private static long neededBytes(long workingSet, long page) {
        long pages = (workingSet + page - 1) / page;
        long tables = 0;
        for (long mapped = page * ENTRIES; mapped <= 1L << 48; mapped *= ENTRIES) {
            tables += (workingSet + mapped - 1) / mapped;
        }
        return pages * page + tables * 4096;
    }

    static void checkTogether(Section vms, Map<String, VmConfig> all, MachineConfig machine) {
        long left = machine.memory().bytes();
        int count = 0;
        Map<String, String> origin = new HashMap<>();
        for (Map.Entry<String, VmConfig> entry : all.entrySet()) {
            VmConfig vm = entry.getValue();
            count += vm.count();
            left -= vm.memory().bytes() * vm.count(); // at most 2^52 x 1000
            if (count > VmsReader.MOST_VMS) {
                vms.fault(entry.getKey(), "more than " + VmsReader.MOST_VMS + " VMs", "");
                return;
            }
            if (left < 0) {
                tooMuch(vms, entry.getKey(), vm, all.size(), machine);
                return;
            }
            checkNames(vms, entry.getKey(), vm.count(), origin);
        }
    }

    private static void tooMuch(Section vms, String name, VmConfig vm, int configs, MachineConfig machine) {
        boolean alone = configs == 1 && vm.count() == 1;
        String what = alone ? "its memory of " + vm.memory() : "the VMs' memory together";
        vms.fault(
                name,
                what + " is more than the machine's " + machine.memory(),
                "use machine.memory, or fewer or smaller VMs");
    }

    private static void checkNames(Section vms, String name, int count, Map<String, String> origin) {
        for (int i = 1; i <= count; i++) {
            String single = count == 1 ? name : name + "-" + i;
            String other = origin.put(single, name);
            if (other != null) {
                vms.fault(name, "two VMs would be called '" + single + "'", "'" + other + "' has the other one");
            }
        }
    }

    /** Several traces are one for each virtual processor. */
    static void checkTraces(Section vm, VmConfig config) {
        if (config.workload().references() instanceof References.Recorded recorded
                && !recorded.isShared()
                && recorded.traces().size() != config.vcpus()) {
            vm.fault(
                    "vcpus",
                    config.vcpus() + " virtual processors, but the workload names "
                            + recorded.traces().size() + " traces",
                    "one trace for each, or one that they share");
        }
    }
}

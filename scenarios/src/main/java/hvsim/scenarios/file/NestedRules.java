package hvsim.scenarios.file;

/** What a VM with a hypervisor of its own needs, and which of those are not modelled, and why. */
final class NestedRules {
    private NestedRules() {}

    static void check(
            Section vm,
            Section own,
            CpuTechnique cpu,
            MemoryTechnique memory,
            HypervisorConfig below,
            MachineConfig machine) {
        if (own.isSound()) {
            checkOwn(own, cpu, memory);
        }
        if (vm.isSound()) {
            checkBelow(vm, below, machine);
        }
    }

    /** VMCSs are merged for 64-bit guests alone. */
    static void checkMode(Section vm, VmConfig config) {
        if (config.hypervisor().isPresent() && config.mode() != OperatingMode.LONG) {
            vm.fault(
                    "mode",
                    "'" + config.mode().word() + "' under a hypervisor of its own: nested guests of this model have 64"
                            + " bits",
                    "use mode: long (the default)");
        }
    }

    private static void checkOwn(Section own, CpuTechnique cpu, MemoryTechnique memory) {
        if (cpu == CpuTechnique.NATIVE) {
            own.fault("cpu", "'native' is no hypervisor", "take " + own.path() + " away, or use cpu: hardware");
        } else if (cpu != CpuTechnique.HARDWARE) {
            own.fault(
                    "cpu",
                    "'" + cpu.word() + "' in a guest: what it does never reaches the hypervisor below, so that nothing"
                            + " is nested; that is not modelled",
                    "use cpu: hardware (the default)");
        } else if (memory != MemoryTechnique.NESTED) {
            own.fault(
                    "memory",
                    "'" + memory.word() + "' in a guest hypervisor is not modelled: its guest's second stage is"
                            + " composed with its own",
                    "use memory: nested (the default)");
        }
    }

    private static void checkBelow(Section vm, HypervisorConfig below, MachineConfig machine) {
        if (below.cpu() != CpuTechnique.HARDWARE) {
            vm.fault(
                    "hypervisor",
                    "with hypervisor.cpu '" + below.cpu().word() + "': outside VMX operation nobody has VMX"
                            + " instructions to offer a guest",
                    "use hypervisor.cpu: hardware");
        } else if (below.memory() != MemoryTechnique.NESTED) {
            vm.fault(
                    "hypervisor",
                    "with hypervisor.memory '" + below.memory().word() + "': without a second stage of its own the"
                            + " hypervisor below has none to offer a guest",
                    "use hypervisor.memory: nested");
        } else if (machine.vendor() == Vendor.AMD) {
            vm.fault(
                    "hypervisor",
                    "on machine '" + machine.preset()
                            + "': what is nested here is VMX, with VMREAD, VMWRITE and VMRESUME,"
                            + " which SVM does not have",
                    "use a machine by Intel");
        }
    }
}

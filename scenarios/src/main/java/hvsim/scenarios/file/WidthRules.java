package hvsim.scenarios.file;

import java.util.Collection;
import java.util.Map;

/**
 * What it takes to deprivilege guests of 64 bits, and what it takes with 32: the hypervisor lives in the address spaces of
 * all of them, above what they reach.
 */
final class WidthRules {
    /** One that is entered, and one that is being left. */
    private static final int LEAST_ROOTS = 2;

    /** What a hypervisor of 32 bits has left for translations. */
    private static final Bytes MOST_TRANSLATIONS = new Bytes(56L << 20);

    private WidthRules() {}

    /** @param hypervisorKeys where the technique is written */
    static void check(
            Section hypervisorKeys,
            Section vmsKeys,
            MachineConfig machine,
            HypervisorConfig hypervisor,
            Map<String, VmConfig> vms) {
        if (!hypervisor.cpu().isDeprivileging() || !hypervisorKeys.isSound() || !vmsKeys.isSound()) {
            return;
        }
        Collection<VmConfig> all = vms.values();
        boolean isLong = all.stream().anyMatch(vm -> vm.mode() == OperatingMode.LONG);
        if (isLong && all.stream().anyMatch(vm -> vm.mode() != OperatingMode.LONG)) {
            checkSame(vmsKeys, hypervisor);
            return;
        }
        checkRoots(hypervisorKeys, hypervisor, isLong);
        if (hypervisor.cpu() == CpuTechnique.BINARY_TRANSLATION && isLong) {
            MachineRules.checkSegmentLimits(hypervisorKeys, machine);
        }
        if (hypervisor.cpu() == CpuTechnique.BINARY_TRANSLATION && !isLong) {
            checkTranslations(hypervisorKeys, hypervisor, all);
        }
    }

    private static void checkSame(Section vms, HypervisorConfig hypervisor) {
        vms.fault(
                vms.at(),
                "",
                "VMs of 64 bits and of 32 with hypervisor.cpu '"
                        + hypervisor.cpu().word()
                        + "': the hypervisor lives in the address spaces of both, and has one width itself",
                "mode: long for all of them, or for none; or hypervisor.cpu: hardware");
    }

    private static void checkRoots(Section keys, HypervisorConfig hypervisor, boolean isLong) {
        CpuTechnique cpu = hypervisor.cpu();
        boolean twoRoots = cpu == CpuTechnique.TRAP_AND_EMULATE && isLong;
        int least = twoRoots ? LEAST_ROOTS + 1 : LEAST_ROOTS;
        int roots = hypervisor.shadow().roots();
        if (cpu != CpuTechnique.PARAVIRTUAL && roots < least) {
            keys.section("shadow")
                    .fault(
                            "roots",
                            roots + " with cpu '" + cpu.word() + "': "
                                    + (twoRoots
                                            ? "a process has a root for its kernel and one for its user, and one more is being left"
                                            : "a process has a root, and one more is being left"),
                            "at least " + least);
        }
    }

    private static void checkTranslations(Section keys, HypervisorConfig hypervisor, Collection<VmConfig> vms) {
        long count = vms.stream().mapToLong(VmConfig::count).sum();
        Bytes room = hypervisor.translation().codeCache();
        if (count * room.bytes() > MOST_TRANSLATIONS.bytes()) {
            keys.section("translation")
                    .fault(
                            "code_cache",
                            room + " for each of " + count + " VMs with 32 bits: beside its own code a hypervisor has "
                                    + MOST_TRANSLATIONS + " of their address space for all",
                            "at most " + new Bytes(MOST_TRANSLATIONS.bytes() / count & -4096));
        }
    }
}

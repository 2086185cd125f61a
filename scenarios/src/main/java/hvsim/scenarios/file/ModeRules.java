package hvsim.scenarios.file;

import hvsim.scenarios.workload.Placement;
import java.util.Optional;
import java.util.Set;

/** What a guest's mode does not have. */
final class ModeRules {
    /** 32-bit paging names frames by 32 bits; PSE-36 is not used. */
    private static final Bytes MOST_MEMORY_OF_32_BITS = new Bytes(1L << 32);

    /** Root tables of 64 virtual processors, and what accesses can need. */
    private static final Bytes LEAST_SHADOW = new Bytes(2 << 20);

    private ModeRules() {}

    static void check(Section vm, VmConfig config, HypervisorConfig hypervisor) {
        OperatingMode mode = config.mode();
        checkPage(vm, mode, config.guestPage());
        if (mode == OperatingMode.LONG) {
            return;
        }
        checkTechnique(vm, mode, hypervisor);
        checkMemory(vm, mode, config.memory());
        checkAddresses(vm, config, mode == OperatingMode.REAL ? Placement.REAL : Placement.LEGACY);
        checkSystemCall(vm, config);
        if (mode == OperatingMode.REAL) {
            RealModeRules.check(vm, config);
        }
    }

    private static void checkTechnique(Section vm, OperatingMode mode, HypervisorConfig hypervisor) {
        String why = hypervisor.cpu().isDeprivileging() ? hindrance(mode, hypervisor.memory()) : "";
        if (!why.isEmpty()) {
            boolean isDirect = hypervisor.memory() == MemoryTechnique.DIRECT && mode != OperatingMode.REAL;
            vm.fault(
                    "mode",
                    "'" + mode.word() + "' with hypervisor.cpu '"
                            + hypervisor.cpu().word() + "': " + why,
                    "use hypervisor.cpu: hardware, or mode: " + (isDirect ? "pae" : "long"));
        }
        if (hypervisor.memory() == MemoryTechnique.SHADOW
                && hypervisor.shadow().memory().bytes() < LEAST_SHADOW.bytes()) {
            vm.fault(
                    "mode",
                    "'" + mode.word() + "' with hypervisor.shadow.memory "
                            + hypervisor.shadow().memory() + ": an address space has four root tables",
                    "at least " + LEAST_SHADOW);
        }
    }

    /** What keeps a hypervisor from running a guest in that mode with less privilege. */
    private static String hindrance(OperatingMode mode, MemoryTechnique memory) {
        if (mode == OperatingMode.REAL) {
            return "it has guests in protected mode only, and does not keep one in virtual-8086 mode";
        }
        return switch (memory) {
            case SOFTWARE_FILLED ->
                "segment limits keep a 32-bit kernel out of its hypervisor, and processors without page walker have none";
            case DIRECT ->
                mode == OperatingMode.PAE
                        ? ""
                        : "its registered tables have entries of 64 bits; Xen has 32-bit guests with PAE only, since it"
                                + " gave up a build without";
            case NATIVE, SHADOW, NESTED -> "";
        };
    }

    private static void checkPage(Section vm, OperatingMode mode, GuestPageChoice page) {
        Set<GuestPageChoice> pages = GuestPageChoice.in(mode);
        if (!pages.contains(page)) {
            vm.fault(
                    vm.has("guest_page") ? "guest_page" : "mode",
                    "tables of mode '" + mode.word() + "' have no pages of " + page.word(),
                    "choices: " + GuestPageChoice.words(pages));
        }
    }

    private static void checkMemory(Section vm, OperatingMode mode, Bytes memory) {
        if (mode == OperatingMode.BITS_32 && memory.bytes() > MOST_MEMORY_OF_32_BITS.bytes()) {
            vm.fault(
                    "memory",
                    memory + " with mode '" + mode.word() + "': its tables have entries of 32 bits, for frames below "
                            + MOST_MEMORY_OF_32_BITS,
                    "at most " + MOST_MEMORY_OF_32_BITS + "; or mode: pae");
        }
    }

    private static void checkAddresses(Section vm, VmConfig config, Placement placement) {
        for (References references : config.workload().allReferences()) {
            if (vm.isSound()
                    && references instanceof References.Synthetic synthetic
                    && synthetic.workingSet().bytes() > placement.dataBytes()) {
                vm.fault(
                        "mode",
                        "a working set of " + synthetic.workingSet() + " with mode '"
                                + config.mode().word()
                                + "', which has no addresses for it",
                        "at most " + new Bytes(placement.dataBytes()) + "; or mode: long");
            }
        }
    }

    private static void checkSystemCall(Section vm, VmConfig config) {
        if (config.workload().kernel().syscallBy().equals(Optional.of(SyscallBy.SYSCALL))) {
            vm.fault(
                    "mode",
                    "workload.kernel.syscall_by 'syscall' with mode '"
                            + config.mode().word() + "': SYSCALL is defined in 64-bit mode only",
                    "use syscall_by: interrupt (the default for it)");
        }
    }
}

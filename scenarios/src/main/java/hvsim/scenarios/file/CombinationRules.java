package hvsim.scenarios.file;

import hvsim.scenarios.file.HypervisorConfig.ShadowConfig;

/** Which ways to run a guest's instructions go with which ways to give it memory, and why the others do not. */
final class CombinationRules {
    /** One that is entered, and one that is being left. */
    private static final int LEAST_ROOTS = 2;

    private static final String UNCHANGED =
            "a kernel that was not changed registers no tables, and finds machine frames in them that it does not know";

    private CombinationRules() {}

    /** The default. */
    static MemoryTechnique memoryFor(CpuTechnique cpu) {
        return switch (cpu) {
            case NATIVE -> MemoryTechnique.NATIVE;
            case TRAP_AND_EMULATE, BINARY_TRANSLATION -> MemoryTechnique.SHADOW;
            case PARAVIRTUAL -> MemoryTechnique.DIRECT;
            case HARDWARE -> MemoryTechnique.NESTED;
        };
    }

    static void check(Section hypervisor, CpuTechnique cpu, MemoryTechnique memory) {
        String why = hypervisor.isSound() ? hindrance(cpu, memory) : "";
        if (!why.isEmpty()) {
            hypervisor.fault(
                    hypervisor.at(hypervisor.has("memory") ? "memory" : "cpu"),
                    "",
                    "cpu '" + cpu.word() + "' with memory '" + memory.word() + "': " + why,
                    "use hypervisor.memory: " + memoryFor(cpu).word() + " (the default for it)");
        }
    }

    private static String hindrance(CpuTechnique cpu, MemoryTechnique memory) {
        return switch (cpu) {
            case NATIVE ->
                switch (memory) {
                    case NATIVE -> "";
                    case SHADOW -> "without a hypervisor there are no shadow tables";
                    case NESTED -> "without a hypervisor there is no second stage";
                    case DIRECT -> "without a hypervisor there is nobody to register tables with";
                };
            case TRAP_AND_EMULATE ->
                switch (memory) {
                    case NATIVE ->
                        "the guest's own tables name no machine addresses, and its kernel's pages are out of"
                                + " reach at CPL 3";
                    case NESTED -> "there is a second stage in non-root mode only, and these guests run outside it";
                    case DIRECT -> UNCHANGED;
                    case SHADOW -> "";
                };
            case BINARY_TRANSLATION ->
                switch (memory) {
                    case NATIVE ->
                        "the guest's own tables name no machine addresses, and their changes would go unseen";
                    case NESTED -> "translated code runs in root mode, where there is no second stage";
                    case DIRECT -> UNCHANGED;
                    case SHADOW -> "";
                };
            case PARAVIRTUAL ->
                switch (memory) {
                    case NATIVE -> "tables that the hypervisor does not check may lead to any frame of the machine";
                    case NESTED -> "there is a second stage in non-root mode only, and these guests run outside it";
                    case SHADOW ->
                        "the kernel was changed so that its tables can be the hardware's; Xen keeps shadows of them"
                                + " for a while only, to see what is written during a migration";
                    case DIRECT -> "";
                };
            case HARDWARE ->
                switch (memory) {
                    case NATIVE ->
                        "a guest in non-root mode needs a second stage or shadow tables, or it would see the"
                                + " machine's frames";
                    case DIRECT -> UNCHANGED;
                    case SHADOW, NESTED -> "";
                };
        };
    }

    /** Registered tables are of 4 levels and map pages of 4 KiB, as Xen's. */
    static void checkGuestPage(Section vm, MemoryTechnique memory, GuestPageChoice page) {
        if (memory == MemoryTechnique.DIRECT && page != GuestPageChoice.KIB_4 && vm.isSound()) {
            vm.fault(
                    "guest_page",
                    page.word()
                            + " with memory 'direct': the hypervisor has a type for each frame of 4KiB, and takes no"
                            + " entry for a larger page",
                    "use guest_page: 4KiB");
        }
    }

    /** What deprivileged guests of this model need beside shadow tables. */
    static void checkDeprivileged(
            Section hypervisor, Section silicon, CpuTechnique cpu, ShadowConfig shadow, MachineConfig machine) {
        if (!cpu.isDeprivileging() || !hypervisor.isSound()) {
            return;
        }
        if (cpu == CpuTechnique.BINARY_TRANSLATION) {
            MachineRules.checkSegmentLimits(hypervisor, machine);
        }
        if (machine.pageLevels() != 4) {
            silicon.fault(
                    "page_levels",
                    machine.pageLevels() + " levels with cpu '" + cpu.word()
                            + "': its hypervisor lives in the guests' address spaces of 4 levels",
                    "use page_levels: 4");
        }
        boolean twoRoots = cpu == CpuTechnique.TRAP_AND_EMULATE;
        int least = twoRoots ? LEAST_ROOTS + 1 : LEAST_ROOTS;
        if (cpu != CpuTechnique.PARAVIRTUAL && shadow.roots() < least) {
            Section keys = hypervisor.section("shadow");
            keys.fault(
                    "roots",
                    shadow.roots() + " with cpu '" + cpu.word() + "': "
                            + (twoRoots
                                    ? "a process has a root for its kernel and one for its user, and one more is being left"
                                    : "a process has a root, and one more is being left"),
                    "at least " + least);
        }
    }
}

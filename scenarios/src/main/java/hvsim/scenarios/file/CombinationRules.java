package hvsim.scenarios.file;

/** Which ways to run a guest's instructions go with which ways to give it memory, and why the others do not. */
final class CombinationRules {
    private static final String UNCHANGED =
            "a kernel that was not changed registers no tables, and finds machine frames in them that it does not know";

    private CombinationRules() {}

    /** The default. */
    static MemoryTechnique memoryFor(CpuTechnique cpu, WalkBy walk) {
        return switch (cpu) {
            case NATIVE -> MemoryTechnique.NATIVE;
            case TRAP_AND_EMULATE ->
                switch (walk) {
                    case HARDWARE -> MemoryTechnique.SHADOW;
                    case SOFTWARE -> MemoryTechnique.SOFTWARE_FILLED;
                };
            case BINARY_TRANSLATION -> MemoryTechnique.SHADOW;
            case PARAVIRTUAL -> MemoryTechnique.DIRECT;
            case HARDWARE -> MemoryTechnique.NESTED;
        };
    }

    /** @param silicon the keys of the machine, where neither technique is written */
    static void check(Section hypervisor, Section silicon, CpuTechnique cpu, MemoryTechnique memory, WalkBy walk) {
        String techniques = hypervisor.isSound() ? hindrance(cpu, memory) : "";
        String why = hypervisor.isSound() && techniques.isEmpty() ? hindranceByWalk(memory, walk) : techniques;
        if (!why.isEmpty()) {
            boolean isWritten = hypervisor.has("memory") || hypervisor.has("cpu");
            hypervisor.fault(
                    isWritten ? hypervisor.at(hypervisor.has("memory") ? "memory" : "cpu") : silicon.at("walk"),
                    "",
                    "cpu '" + cpu.word() + "' with memory '" + memory.word() + "': " + why,
                    "use hypervisor.memory: " + memoryFor(cpu, walk).word() + " (the default for it)"
                            + otherwise(cpu, walk));
        }
    }

    /** What goes with a processor that walks, or that does not. */
    private static String hindranceByWalk(MemoryTechnique memory, WalkBy walk) {
        return switch (walk) {
            case HARDWARE ->
                memory == MemoryTechnique.SOFTWARE_FILLED
                        ? "this processor fills its TLB itself; one with machine.walk.by: software does not"
                        : "";
            case SOFTWARE ->
                switch (memory) {
                    case NATIVE, SOFTWARE_FILLED -> "";
                    case SHADOW, NESTED ->
                        "with machine.walk.by: software nothing reads tables that the hypervisor makes for the processor";
                    case DIRECT ->
                        "with machine.walk.by: software no processor walks the tables that a kernel registers";
                };
        };
    }

    private static String otherwise(CpuTechnique cpu, WalkBy walk) {
        return walk == WalkBy.SOFTWARE && cpu != CpuTechnique.TRAP_AND_EMULATE && cpu != CpuTechnique.NATIVE
                ? " where machine.walk.by is hardware; a processor without walker takes cpu: trap_and_emulate"
                : "";
    }

    private static String hindrance(CpuTechnique cpu, MemoryTechnique memory) {
        return switch (cpu) {
            case NATIVE ->
                switch (memory) {
                    case NATIVE -> "";
                    case SOFTWARE_FILLED -> "without a hypervisor the guest's kernel fills the TLB, by one table";
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
                    case SHADOW, SOFTWARE_FILLED -> "";
                };
            case BINARY_TRANSLATION ->
                switch (memory) {
                    case NATIVE ->
                        "the guest's own tables name no machine addresses, and their changes would go unseen";
                    case NESTED -> "translated code runs in root mode, where there is no second stage";
                    case SOFTWARE_FILLED ->
                        "the processors whose segment limits keep a kernel at CPL 1 out of its hypervisor walk tables";
                    case DIRECT -> UNCHANGED;
                    case SHADOW -> "";
                };
            case PARAVIRTUAL ->
                switch (memory) {
                    case NATIVE -> "tables that the hypervisor does not check may lead to any frame of the machine";
                    case SOFTWARE_FILLED ->
                        "the kernel was changed so that its tables can be the hardware's, and the hardware walks none";
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
                    case SOFTWARE_FILLED -> "processors with VMX walk tables, and no miss of the TLB exits";
                    case SHADOW, NESTED -> "";
                };
        };
    }

    /** Registered tables map pages of 4 KiB, as Xen's. */
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

    /** The levels of tables that a hypervisor in its guests' address spaces is made for. */
    static void checkDeprivileged(Section hypervisor, Section silicon, CpuTechnique cpu, MachineConfig machine) {
        if (cpu.isDeprivileging() && hypervisor.isSound() && machine.pageLevels() != 4) {
            silicon.fault(
                    "page_levels",
                    machine.pageLevels() + " levels with cpu '" + cpu.word()
                            + "': its hypervisor lives in the guests' address spaces of 4 levels",
                    "use page_levels: 4");
        }
    }
}

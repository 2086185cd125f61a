package hvsim.scenarios.file;

/** What a scenario may ask of a machine: no more than its silicon can do. */
final class MachineRules {
    private MachineRules() {}

    /** Whether the hypervisor uses what the machine may have; by default it does where the machine has it. */
    static boolean uses(Section features, MachineConfig machine, MachineFeature feature) {
        boolean has = machine.has(feature);
        boolean uses = features.value(feature.word(), has, Kind.SWITCH);
        if (uses && !has) {
            features.fault(
                    feature.word(),
                    "machine '" + machine.preset() + "' does not have it",
                    "leave it off; or " + whatIf(feature));
        }
        return uses;
    }

    /** NPT's accessed and dirty flags are always on. */
    static void checkAccessedDirty(Section features, MachineConfig machine, boolean uses) {
        if (machine.vendor() == Vendor.AMD && !uses && machine.has(MachineFeature.EPT_ACCESSED_DIRTY)) {
            features.fault(
                    MachineFeature.EPT_ACCESSED_DIRTY.word(),
                    "nested tables of AMD always have accessed and dirty flags",
                    "leave it on; or use a machine by Intel");
        }
    }

    /** Leaf entries of 1 GiB exist where the machine has them. */
    static void checkPage(Section vm, String key, long pageBytes, MachineConfig machine) {
        if (pageBytes == PageChoice.GIB_1.bytes() && !machine.has(MachineFeature.PAGES_1GIB)) {
            vm.fault(
                    key,
                    "machine '" + machine.preset() + "' has no pages of 1GiB",
                    "choices: 4KiB, 2MiB; or " + whatIf(MachineFeature.PAGES_1GIB));
        }
    }

    /** Nested paging needs hardware for it. */
    static void checkSecondStage(Section hypervisor, Section silicon, MachineConfig machine) {
        if (machine.has(MachineFeature.EPT)) {
            return;
        }
        boolean isWritten = hypervisor.has("memory");
        hypervisor.fault(
                isWritten ? hypervisor.at("memory") : silicon.at("preset"),
                "",
                "hypervisor.memory 'nested'" + (isWritten ? "" : " (the default)") + ": machine '" + machine.preset()
                        + "' has no second stage (EPT)",
                "use hypervisor.memory: shadow, a machine with EPT, or " + whatIf(MachineFeature.EPT));
    }

    /** What keeps a translated kernel at CPL 1 out of the hypervisor, for U/S does not. */
    static void checkSegmentLimits(Section hypervisor, MachineConfig machine) {
        if (!machine.has(MachineFeature.SEGMENT_LIMITS)) {
            hypervisor.fault(
                    hypervisor.at("cpu"),
                    "",
                    "cpu 'binary_translation': machine '" + machine.preset()
                            + "' has no segment limits in 64-bit mode, which keep a kernel at CPL 1 out of its hypervisor",
                    "use machine.preset: zen-2, which has EFER.LMSLE, or " + whatIf(MachineFeature.SEGMENT_LIMITS));
        }
    }

    /** Loads of a handler take the same each, and the core does nothing else meanwhile. */
    static void checkSoftwareWalks(Section walk, WalkCost cost, Share overlap) {
        if (cost != WalkCost.FIXED) {
            walk.fault(
                    "by",
                    "'software' with cost '" + cost.word() + "': what its loads take is fixed",
                    "use cost: fixed");
        }
        if (overlap.fraction().signum() != 0) {
            walk.fault(
                    "by", "'software' with overlap: the core walks itself, and does nothing else", "use overlap: 0%");
        }
    }

    /** How a user asks for silicon that was never made. */
    private static String whatIf(MachineFeature feature) {
        return "machine.features." + feature.word() + ": on, for silicon that has it";
    }
}

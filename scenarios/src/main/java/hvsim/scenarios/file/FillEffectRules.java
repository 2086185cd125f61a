package hvsim.scenarios.file;

import java.util.List;

/** Keys about who fills the TLB that can have no effect. Paths from the top of the scenario. */
final class FillEffectRules {
    static final List<EffectRule<Scenario>> OF_SCENARIO = List.of(
            new EffectRule<>(
                    "machine.walk.guest_cache machine.walk.second_stage_cache machine.walk.nested_tlb machine.walk.walkers",
                    "with machine.walk.by 'software'",
                    s -> !isByHardware(s)),
            new EffectRule<>(
                    "machine.cycles.tlb_miss hypervisor.cycles.TLB_MISS",
                    "with machine.walk.by 'hardware'",
                    FillEffectRules::isByHardware));

    private FillEffectRules() {}

    private static boolean isByHardware(Scenario scenario) {
        return scenario.machine().walk().by() == WalkBy.HARDWARE;
    }
}

package hvsim.scenarios.file;

import java.util.List;
import java.util.function.Predicate;

/** Keys about where a hypervisor runs that can have no effect. Paths from the top of the scenario. */
final class HostEffectRules {
    static final List<EffectRule<Scenario>> OF_SCENARIO = List.of(
            rule(
                    "hypervisor.type hypervisor.host.* hypervisor.service_vm.*",
                    "with hypervisor.cpu 'native'",
                    HostEffectRules::isNative),
            rule(
                    "hypervisor.host.*",
                    "with hypervisor.type 'bare_metal'",
                    h -> !isNative(h) && h.type() == HypervisorType.BARE_METAL),
            rule(
                    "hypervisor.service_vm.*",
                    "without a service VM: hypervisor.type 'hosted', or hypervisor.handlers.ports 'kernel'",
                    h -> !isNative(h) && !h.hasServiceVm()),
            rule(
                    "hypervisor.cycles.user_space",
                    "with hypervisor.handlers.ports 'kernel'",
                    h -> !isNative(h) && answersAll(h)),
            rule(
                    "hypervisor.cycles.world_switch",
                    "without hypervisor.type 'hosted' and hypervisor.host.passage 'world_switch'",
                    h -> !isNative(h) && !(isHosted(h) && h.host().passage() == HostPassage.WORLD_SWITCH)));

    private HostEffectRules() {}

    private static EffectRule<Scenario> rule(String keys, String why, Predicate<HypervisorConfig> idle) {
        return new EffectRule<>(keys, why, scenario -> idle.test(scenario.hypervisor()));
    }

    private static boolean isNative(HypervisorConfig hypervisor) {
        return hypervisor.cpu() == CpuTechnique.NATIVE;
    }

    private static boolean isHosted(HypervisorConfig hypervisor) {
        return !isNative(hypervisor) && hypervisor.type() == HypervisorType.HOSTED;
    }

    private static boolean answersAll(HypervisorConfig hypervisor) {
        return hypervisor.handlers().ports() == Ports.KERNEL;
    }
}

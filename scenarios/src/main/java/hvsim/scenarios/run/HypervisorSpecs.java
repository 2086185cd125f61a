package hvsim.scenarios.run;

import hvsim.scenarios.file.Features;
import hvsim.scenarios.file.HypervisorConfig;
import hvsim.scenarios.file.HypervisorConfig.SchedulerConfig;
import hvsim.scenarios.file.HypervisorType;
import hvsim.scenarios.file.MemoryTechnique;
import hvsim.scenarios.file.Ports;
import hvsim.scenarios.file.SchedulerPolicy;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.cpu.HandlerSpec;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HypervisorSpec;
import hvsim.vmm.cpu.ParavirtualSpec;
import hvsim.vmm.cpu.TranslatingSpec;
import hvsim.vmm.cpu.translation.TranslationSpec;
import hvsim.vmm.host.HostSpec;
import hvsim.vmm.memory.shadow.ShadowSpec;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.Optional;

/** The {@code hypervisor} of a scenario in the words of the model. */
final class HypervisorSpecs {
    private HypervisorSpecs() {}

    /** @param isLong whether guests have 64 bits, of which a hypervisor asks when it deprivileges them */
    static HypervisorSpec of(HypervisorConfig hypervisor, boolean isLong, Clock clock) {
        return switch (hypervisor.cpu()) {
            case NATIVE -> throw new IllegalArgumentException("a native run has no hypervisor");
            case TRAP_AND_EMULATE -> deprivileged(hypervisor, kernel(isLong), clock);
            case BINARY_TRANSLATION -> translating(hypervisor, clock);
            case PARAVIRTUAL -> paravirtual(hypervisor, kernel(isLong), clock);
            case HARDWARE -> hardware(hypervisor, clock);
        };
    }

    private static DeprivilegedSpec.Kernel kernel(boolean isLong) {
        return isLong ? DeprivilegedSpec.Kernel.WITH_USER : DeprivilegedSpec.Kernel.RING_ONE;
    }

    private static TranslatingSpec translating(HypervisorConfig hypervisor, Clock clock) {
        return new TranslatingSpec(
                deprivileged(hypervisor, DeprivilegedSpec.Kernel.TRANSLATED, clock),
                new TranslationSpec(
                        hypervisor.translation().codeCache().bytes(),
                        hypervisor.translation().chaining(),
                        hypervisor.translation().adaptive(),
                        hypervisor.cycles().translate(),
                        hypervisor.cycles().lookUp()));
    }

    private static DeprivilegedSpec deprivileged(
            HypervisorConfig hypervisor, DeprivilegedSpec.Kernel kernel, Clock clock) {
        return new DeprivilegedSpec(
                kernel,
                hypervisor.cycles().dispatch(),
                hypervisor.cycles().traps(),
                scheduler(hypervisor.scheduler(), clock),
                shadow(hypervisor),
                hypervisor.memory() == MemoryTechnique.SOFTWARE_FILLED);
    }

    private static ParavirtualSpec paravirtual(
            HypervisorConfig hypervisor, DeprivilegedSpec.Kernel kernel, Clock clock) {
        return new ParavirtualSpec(
                kernel,
                hypervisor.cycles().dispatch(),
                hypervisor.cycles().traps(),
                scheduler(hypervisor.scheduler(), clock),
                hypervisor.paravirtual().batch());
    }

    static HardwareSpec hardware(HypervisorConfig hypervisor, Clock clock) {
        return new HardwareSpec(
                hypervisor.features().on(),
                bits(hypervisor.features()),
                hypervisor.cycles().dispatch(),
                hypervisor.cycles().reasons(),
                scheduler(hypervisor.scheduler(), clock),
                new HandlerSpec(
                        hypervisor.handlers().shortPath(),
                        clock.cycles(hypervisor.handlers().timerAdvance())),
                hypervisor.memory() == MemoryTechnique.SHADOW ? Optional.of(shadow(hypervisor)) : Optional.empty());
    }

    /** Where it runs. */
    static HostSpec host(HypervisorConfig hypervisor) {
        boolean hosted = hypervisor.type() == HypervisorType.HOSTED;
        return new HostSpec(
                place(hypervisor),
                hypervisor.handlers().ports() == Ports.USER_SPACE,
                hypervisor.cycles().userSpace(),
                hypervisor.cycles().worldSwitch(),
                hosted ? hypervisor.host().applications() : 0);
    }

    private static HostSpec.Place place(HypervisorConfig hypervisor) {
        return switch (hypervisor.type()) {
            case BARE_METAL -> HostSpec.Place.BARE_METAL;
            case HOSTED ->
                switch (hypervisor.host().passage()) {
                    case USER_SPACE -> HostSpec.Place.USER_SPACE;
                    case WORLD_SWITCH -> HostSpec.Place.WORLD_SWITCH;
                };
        };
    }

    private static SchedulerSpec scheduler(SchedulerConfig scheduler, Clock clock) {
        return new SchedulerSpec(policy(scheduler.policy()), Math.max(1, clock.cycles(scheduler.slice())));
    }

    private static ShadowSpec shadow(HypervisorConfig hypervisor) {
        HypervisorConfig.ShadowConfig shadow = hypervisor.shadow();
        return new ShadowSpec(
                shadow.roots(),
                shadow.outOfSync(),
                shadow.memory().bytes(),
                hypervisor.cycles().shadow());
    }

    private static Policy policy(SchedulerPolicy policy) {
        return switch (policy) {
            case ROUND_ROBIN -> Policy.ROUND_ROBIN;
            case PROPORTIONAL_SHARE -> Policy.PROPORTIONAL_SHARE;
        };
    }

    private static int bits(Features features) {
        return features.exceptionBitmap().stream()
                .mapToInt(vector -> 1 << vector)
                .reduce(0, (a, b) -> a | b);
    }
}

package hvsim.vmm;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.WalkOverlap;
import hvsim.cpu.event.TrapReason;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.cpu.HandlerSpec;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HypervisorSpec;
import hvsim.vmm.cpu.TranslatingSpec;
import hvsim.vmm.cpu.translation.TranslationSpec;
import hvsim.vmm.memory.shadow.ShadowSpec;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A way to run guests that is to show them what they see natively: one line of {@link #ALL}.
 *
 * @param fixed whether it needs a processor on which all that is sensitive is privileged; the native one is then such too
 */
record Technique(String name, HypervisorSpec hypervisor, boolean fixed) {
    private static final SchedulerSpec SCHEDULER = new SchedulerSpec(Policy.ROUND_ROBIN, 100_000);
    private static final Set<HardwareSpec.Feature> EVERY_FEATURE = EnumSet.allOf(HardwareSpec.Feature.class);
    private static final Set<HardwareSpec.Feature> NO_TAGS = EnumSet.of(HardwareSpec.Feature.HLT_EXITING);
    private static final ShadowSpec SHADOW = new ShadowSpec(16, true, 4 << 20);
    private static final ShadowSpec IN_STEP = new ShadowSpec(4, false, 4 << 20);
    private static final ShadowSpec LITTLE = new ShadowSpec(3, true, ShadowSpec.LEAST_BYTES);

    static final List<Technique> ALL = List.of(
            new Technique("nested", hardware(TestMachines.FEATURES, Optional.empty()), false),
            new Technique("nested, every feature", hardware(EVERY_FEATURE, Optional.empty()), false),
            new Technique("nested, no tags", hardware(NO_TAGS, Optional.empty()), false),
            new Technique("shadow", hardware(TestMachines.FEATURES, Optional.of(SHADOW)), false),
            new Technique("shadow, in step", hardware(TestMachines.FEATURES, Optional.of(IN_STEP)), false),
            new Technique("shadow, little memory, no tags", hardware(NO_TAGS, Optional.of(LITTLE)), false),
            new Technique("trap-and-emulate", deprivileged(DeprivilegedSpec.Kernel.WITH_USER, SHADOW), true),
            new Technique("trap-and-emulate, in step", deprivileged(DeprivilegedSpec.Kernel.WITH_USER, IN_STEP), true),
            new Technique(
                    "trap-and-emulate, little memory", deprivileged(DeprivilegedSpec.Kernel.WITH_USER, LITTLE), true),
            new Technique(
                    "trap-and-emulate, kernel at CPL 1", deprivileged(DeprivilegedSpec.Kernel.RING_ONE, SHADOW), true));

    /** For guests of 32 bits: root tables are four directories each. */
    static final List<Technique> LEGACY = List.of(
            new Technique("shadow", hardware(TestMachines.FEATURES, Optional.of(SHADOW)), false),
            new Technique("trap-and-emulate at CPL 1", deprivileged(DeprivilegedSpec.Kernel.RING_ONE, SHADOW), true),
            new Technique(
                    "trap-and-emulate at CPL 1, in step",
                    deprivileged(DeprivilegedSpec.Kernel.RING_ONE, IN_STEP),
                    true),
            new Technique("binary translation", translating(), true));

    private static HypervisorSpec translating() {
        return new TranslatingSpec(
                new DeprivilegedSpec(
                        DeprivilegedSpec.Kernel.TRANSLATED, 150, Map.of(TrapReason.TRAP_GP, 500), SCHEDULER, SHADOW),
                new TranslationSpec(1 << 20, true, true, 100, 40));
    }

    private static HypervisorSpec hardware(Set<HardwareSpec.Feature> features, Optional<ShadowSpec> shadow) {
        return new HardwareSpec(features, 0, 500, Map.of(), SCHEDULER, HandlerSpec.PLAIN, shadow);
    }

    private static HypervisorSpec deprivileged(DeprivilegedSpec.Kernel kernel, ShadowSpec shadow) {
        return new DeprivilegedSpec(kernel, 150, Map.of(TrapReason.TRAP_GP, 500), SCHEDULER, shadow);
    }

    /** The VM on a machine with that many cores. */
    MachineSpec virtual(VmSpec vm, int cores) {
        return new MachineSpec(64L << 30, 4, 1, cores, core(), Optional.of(hypervisor), List.of(vm));
    }

    /** The VM on a core for each of its virtual processors. */
    MachineSpec bare(VmSpec vm) {
        return new MachineSpec(vm.memoryBytes(), 4, 1, vm.vcpus().size(), core(), Optional.empty(), List.of(vm));
    }

    private CoreSpec core() {
        return new CoreSpec(
                TestMachines.TLB, TestMachines.WALK, TestMachines.COSTS, Optional.empty(), WalkOverlap.NONE, fixed);
    }

    @Override
    public String toString() {
        return name;
    }
}

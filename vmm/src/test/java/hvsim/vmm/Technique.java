package hvsim.vmm;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.WalkOverlap;
import hvsim.cpu.event.TrapReason;
import hvsim.ept.WalkSpec;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.cpu.DeprivilegedSpec.Kernel;
import hvsim.vmm.cpu.HandlerSpec;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HardwareSpec.Feature;
import hvsim.vmm.cpu.HypervisorSpec;
import hvsim.vmm.cpu.ParavirtualSpec;
import hvsim.vmm.cpu.TranslatingSpec;
import hvsim.vmm.cpu.translation.TranslationSpec;
import hvsim.vmm.host.HostSpec;
import hvsim.vmm.host.HostSpec.Place;
import hvsim.vmm.memory.shadow.ShadowSpec;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A way to run guests that is to show them what they see natively: one line of {@link #ALL}.
 *
 * @param processor which it needs; the native one is then such too
 * @param host where it runs
 * @param ofGuest the hypervisor in the VM, under which the guest runs one level down
 */
record Technique(
        String name, HypervisorSpec hypervisor, Processor processor, HostSpec host, Optional<HardwareSpec> ofGuest) {
    /** What differs between processors. */
    enum Processor {
        AS_IT_IS,
        /** All that is sensitive is privileged. */
        FIXED,
        /** And software fills the TLB. */
        WITHOUT_WALKER;

        CoreSpec core() {
            return new CoreSpec(
                    TestMachines.TLB,
                    this == WITHOUT_WALKER ? WalkSpec.UNCACHED : TestMachines.WALK,
                    TestMachines.COSTS,
                    Optional.empty(),
                    WalkOverlap.NONE,
                    this != AS_IT_IS,
                    this == WITHOUT_WALKER ? OptionalInt.of(40) : OptionalInt.empty());
        }
    }

    private static final int ANSWER_CYCLES = 2_000;
    private static final HostSpec IN_HOST = new HostSpec(Place.USER_SPACE, true, ANSWER_CYCLES, 0, 1);
    private static final HostSpec BESIDE_HOST = new HostSpec(Place.WORLD_SWITCH, true, ANSWER_CYCLES, 3_000, 0);
    private static final HostSpec WITH_SERVICE_VM = new HostSpec(Place.BARE_METAL, true, ANSWER_CYCLES, 0, 0);

    private static final SchedulerSpec SCHEDULER = new SchedulerSpec(Policy.ROUND_ROBIN, 10_000);
    private static final Set<Feature> EVERY_FEATURE = EnumSet.allOf(Feature.class);
    private static final Set<Feature> NO_TAGS = EnumSet.of(Feature.HLT_EXITING);
    private static final ShadowSpec SHADOW = new ShadowSpec(16, true, 4 << 20);
    private static final ShadowSpec IN_STEP = new ShadowSpec(4, false, 4 << 20);
    private static final ShadowSpec LITTLE = new ShadowSpec(3, true, ShadowSpec.LEAST_BYTES);

    private static final HardwareSpec NESTED = hardware(TestMachines.FEATURES, Optional.empty());
    private static final HypervisorSpec SHADOWED = hardware(TestMachines.FEATURES, Optional.of(SHADOW));
    private static final HypervisorSpec TRAPPED = deprivileged(Kernel.WITH_USER, SHADOW);
    private static final HypervisorSpec TRANSLATED = translated(1 << 20, SHADOW);
    private static final HypervisorSpec CHANGED = changed(Kernel.WITH_USER, 32);

    static final List<Technique> ALL = List.of(
            of("nested", NESTED),
            of("nested, every feature", hardware(EVERY_FEATURE, Optional.empty())),
            of("nested, no tags", hardware(NO_TAGS, Optional.empty())),
            of("nested, in a host", NESTED).at(IN_HOST),
            of("nested, beside a host", NESTED).at(BESIDE_HOST),
            of("nested, with a service VM", NESTED).at(WITH_SERVICE_VM),
            of("under a guest hypervisor", NESTED).below(TestMachines.FEATURES),
            of("under a guest hypervisor, shadow VMCS", hardware(EVERY_FEATURE, Optional.empty()))
                    .below(NO_TAGS),
            of("shadow", SHADOWED),
            of("shadow, in step", hardware(TestMachines.FEATURES, Optional.of(IN_STEP))),
            of("shadow, little memory, no tags", hardware(NO_TAGS, Optional.of(LITTLE))),
            of("shadow, beside a host", SHADOWED).at(BESIDE_HOST),
            of("trap-and-emulate", TRAPPED).on(Processor.FIXED),
            of("trap-and-emulate, in step", deprivileged(Kernel.WITH_USER, IN_STEP))
                    .on(Processor.FIXED),
            of("trap-and-emulate, little memory", deprivileged(Kernel.WITH_USER, LITTLE))
                    .on(Processor.FIXED),
            of("trap-and-emulate, kernel at CPL 1", deprivileged(Kernel.RING_ONE, SHADOW))
                    .on(Processor.FIXED),
            of("trap-and-emulate, in a host", TRAPPED).on(Processor.FIXED).at(IN_HOST),
            of("trap-and-emulate, beside a host", TRAPPED).on(Processor.FIXED).at(BESIDE_HOST),
            of("trap-and-emulate, with a service VM", TRAPPED)
                    .on(Processor.FIXED)
                    .at(WITH_SERVICE_VM),
            of("software-filled", filling()).on(Processor.WITHOUT_WALKER),
            of("software-filled, with a service VM", filling())
                    .on(Processor.WITHOUT_WALKER)
                    .at(WITH_SERVICE_VM),
            of("translation", TRANSLATED),
            of("translation, little cache and memory", translated(4096, LITTLE)),
            of("translation, in a host", TRANSLATED).at(IN_HOST),
            of("translation, beside a host", TRANSLATED).at(BESIDE_HOST),
            of("translation, with a service VM", TRANSLATED).at(WITH_SERVICE_VM),
            of("paravirtual", CHANGED),
            of("paravirtual, one by one", changed(Kernel.WITH_USER, 1)),
            of("paravirtual, fixed processor", CHANGED).on(Processor.FIXED),
            of("paravirtual, in a host", CHANGED).at(IN_HOST),
            of("paravirtual, beside a host", CHANGED).at(BESIDE_HOST),
            of("paravirtual, with a service VM", CHANGED).at(WITH_SERVICE_VM));

    /** For guests of 32 bits: root tables are four directories each. */
    static final List<Technique> LEGACY = List.of(
            of("shadow", SHADOWED),
            of("trap-and-emulate at CPL 1", deprivileged(Kernel.RING_ONE, SHADOW))
                    .on(Processor.FIXED),
            of("trap-and-emulate at CPL 1, in step", deprivileged(Kernel.RING_ONE, IN_STEP))
                    .on(Processor.FIXED),
            of("binary translation", TRANSLATED).on(Processor.FIXED));

    /** And those that take PAE paging alone. */
    static final List<Technique> PAE = Stream.concat(
                    LEGACY.stream(),
                    Stream.of(
                            of("paravirtual at CPL 1", changed(Kernel.RING_ONE, 32)),
                            of("paravirtual at CPL 1, one by one", changed(Kernel.RING_ONE, 1)),
                            of("paravirtual at CPL 1, beside a host", changed(Kernel.RING_ONE, 32))
                                    .at(BESIDE_HOST),
                            of("paravirtual at CPL 1, with a service VM", changed(Kernel.RING_ONE, 32))
                                    .at(WITH_SERVICE_VM)))
            .toList();

    private static Technique of(String name, HypervisorSpec hypervisor) {
        return new Technique(name, hypervisor, Processor.AS_IT_IS, HostSpec.BARE_METAL, Optional.empty());
    }

    private Technique on(Processor its) {
        return new Technique(name, hypervisor, its, host, ofGuest);
    }

    private Technique at(HostSpec place) {
        return new Technique(name, hypervisor, processor, place, ofGuest);
    }

    private Technique below(Set<Feature> features) {
        return new Technique(name, hypervisor, processor, host, Optional.of(hardware(features, Optional.empty())));
    }

    private static HardwareSpec hardware(Set<Feature> features, Optional<ShadowSpec> shadow) {
        return new HardwareSpec(features, 0, 500, Map.of(), SCHEDULER, HandlerSpec.PLAIN, shadow);
    }

    private static DeprivilegedSpec deprivileged(Kernel kernel, ShadowSpec shadow) {
        return new DeprivilegedSpec(kernel, 150, Map.of(TrapReason.TRAP_GP, 500), SCHEDULER, shadow);
    }

    private static DeprivilegedSpec filling() {
        return new DeprivilegedSpec(Kernel.WITH_USER, 150, Map.of(), SCHEDULER, SHADOW, true);
    }

    private static HypervisorSpec translated(int cacheBytes, ShadowSpec shadow) {
        return new TranslatingSpec(
                deprivileged(Kernel.TRANSLATED, shadow), new TranslationSpec(cacheBytes, true, true, 2_300, 40));
    }

    private static HypervisorSpec changed(Kernel kernel, int batch) {
        return new ParavirtualSpec(kernel, 150, Map.of(), SCHEDULER, batch);
    }

    /** The guests that it is to run faithfully. */
    RandomGuest.Kernel kernel() {
        if (hypervisor instanceof ParavirtualSpec) {
            return RandomGuest.Kernel.CHANGED;
        }
        boolean isKernelAlone = hypervisor instanceof TranslatingSpec && processor == Processor.AS_IT_IS;
        return isKernelAlone ? RandomGuest.Kernel.TRANSLATED : RandomGuest.Kernel.AS_IT_IS;
    }

    /** The VM on a machine with that many cores. */
    MachineSpec virtual(VmSpec vm, int cores) {
        VmSpec guest = ofGuest.map(own -> under(own, vm)).orElse(vm);
        Optional<VmSpec> service = host.hasServiceVm()
                ? Optional.of(VmSpec.service(vm.mode(), List.of(), 100, ANSWER_CYCLES))
                : Optional.empty();
        return new MachineSpec(
                64L << 30, 4, 1, cores, processor.core(), Optional.of(hypervisor), host, service, List.of(guest));
    }

    private static VmSpec under(HardwareSpec own, VmSpec vm) {
        return new VmSpec(
                vm.name(),
                vm.memoryBytes(),
                vm.mode(),
                vm.guestPage(),
                vm.hostPage(),
                vm.premapped(),
                vm.kernel(),
                vm.vcpus(),
                vm.operationCycles(),
                Optional.of(own),
                List.of());
    }

    /** The VM on a core for each of its virtual processors. */
    MachineSpec bare(VmSpec vm) {
        return new MachineSpec(
                vm.memoryBytes(), 4, 1, vm.vcpus().size(), processor.core(), Optional.empty(), List.of(vm));
    }

    @Override
    public String toString() {
        return name;
    }
}

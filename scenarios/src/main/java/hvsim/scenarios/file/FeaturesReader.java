package hvsim.scenarios.file;

import hvsim.vmm.cpu.HardwareSpec.Feature;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads {@code hypervisor.features}, of the machine's hypervisor or of one that is a guest. */
final class FeaturesReader {
    /** What the hypervisor below a guest hypervisor keeps to itself. */
    private static final List<Feature> NOT_OFFERED = List.of(
            Feature.EPT_ACCESSED_DIRTY,
            Feature.PREEMPTION_TIMER,
            Feature.TPR_SHADOW,
            Feature.VIRTUAL_INTERRUPTS,
            Feature.APIC_REGISTERS,
            Feature.POSTED_INTERRUPTS,
            Feature.IPI_VIRTUALIZATION,
            Feature.VMCS_SHADOWING);

    private final Section keys;
    private final Set<Feature> on = EnumSet.noneOf(Feature.class);

    private FeaturesReader(Section keys) {
        this.keys = keys;
    }

    /** By default it uses what the machine has. */
    static Features ofMachine(Section keys, MachineConfig machine) {
        FeaturesReader reader = new FeaturesReader(keys);
        reader.use(Feature.VPID, machine);
        reader.use(Feature.EPT_ACCESSED_DIRTY, machine);
        MachineRules.checkAccessedDirty(keys, machine, reader.on.contains(Feature.EPT_ACCESSED_DIRTY));
        reader.bitmaps();
        reader.use(Feature.PREEMPTION_TIMER, machine);
        reader.exits();
        reader.use(Feature.UNRESTRICTED_GUEST, machine);
        reader.use(Feature.PAUSE_LOOP_EXITING, machine);
        reader.use(Feature.VMCS_SHADOWING, machine);
        reader.apic(machine);
        return reader.close();
    }

    /** No more than the hypervisor below offers. */
    static Features inGuest(Section keys, Features below) {
        FeaturesReader reader = new FeaturesReader(keys);
        NOT_OFFERED.forEach(reader::refuse);
        reader.ask(Feature.VPID, below.has(Feature.VPID));
        reader.bitmaps();
        reader.exits();
        reader.ask(Feature.PAUSE_LOOP_EXITING, false);
        return reader.close();
    }

    private Features close() {
        List<Integer> vectors = keys.list("exception_bitmap", List.of(), Kind.count(0, 31));
        keys.close();
        return new Features(on, vectors.stream().distinct().sorted().toList());
    }

    private void bitmaps() {
        ask(Feature.MSR_BITMAP, true);
        ask(Feature.IO_BITMAP, true);
    }

    /** What every processor with VMX lets exit or not. */
    private void exits() {
        ask(Feature.HLT_EXITING, true);
        ask(Feature.RDTSC_EXITING, false);
        ask(Feature.PAUSE_EXITING, false);
        ask(Feature.INVLPG_EXITING, false);
        ask(Feature.CR3_LOAD_EXITING, false);
        ask(Feature.CR3_STORE_EXITING, false);
    }

    /** Each is built upon the one before. */
    private void apic(MachineConfig machine) {
        use(Feature.TPR_SHADOW, machine);
        useUpon(Feature.TPR_SHADOW, Feature.VIRTUAL_INTERRUPTS, machine);
        ask(Feature.APIC_REGISTERS, on.contains(Feature.VIRTUAL_INTERRUPTS));
        needs(Feature.VIRTUAL_INTERRUPTS, Feature.APIC_REGISTERS);
        useUpon(Feature.VIRTUAL_INTERRUPTS, Feature.POSTED_INTERRUPTS, machine);
        useUpon(Feature.POSTED_INTERRUPTS, Feature.IPI_VIRTUALIZATION, machine);
    }

    /** Off by default where what it is built upon is off. */
    private void useUpon(Feature base, Feature feature, MachineConfig machine) {
        if (on.contains(base)) {
            use(feature, machine);
        } else {
            ask(feature, false);
            needs(base, feature);
        }
    }

    private void needs(Feature base, Feature feature) {
        if (on.contains(feature) && !on.contains(base)) {
            on.remove(feature);
            keys.fault(
                    word(feature),
                    "is built upon " + word(base) + ", which is off",
                    "use " + word(base) + ": on, or take " + word(feature) + " away");
        }
    }

    private void refuse(Feature feature) {
        if (keys.value(word(feature), false, Kind.SWITCH)) {
            keys.fault(
                    word(feature),
                    "a hypervisor that is a guest is not offered it",
                    "leave it off; hypervisor.features has what the machine's hypervisor uses");
        }
    }

    private void use(Feature feature, MachineConfig machine) {
        put(feature, MachineRules.uses(keys, machine, MachineFeature.valueOf(feature.name())));
    }

    private void ask(Feature feature, boolean byDefault) {
        put(feature, keys.value(word(feature), byDefault, Kind.SWITCH));
    }

    private void put(Feature feature, boolean isOn) {
        if (isOn) {
            on.add(feature);
        }
    }

    private static String word(Feature feature) {
        return feature.name().toLowerCase(Locale.ROOT);
    }
}

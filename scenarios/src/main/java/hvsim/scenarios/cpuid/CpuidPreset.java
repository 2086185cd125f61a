package hvsim.scenarios.cpuid;

import hvsim.scenarios.cpuid.CpuidDump.Register;
import hvsim.scenarios.file.MachineConfig;
import hvsim.scenarios.file.Machines;
import hvsim.scenarios.file.PageChoice;
import hvsim.scenarios.file.TlbConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A preset file from a dump: what CPUID tells, over the preset that comes nearest. */
public final class CpuidPreset {
    private static final int ASSUMED_HIT_CYCLES = 7;

    private final CpuidDump dump;
    private final boolean amd;
    private final String nearest;
    private final MachineConfig base;
    private final StringBuilder out = new StringBuilder();
    private final Map<String, String> sources = new LinkedHashMap<>();

    private CpuidPreset(CpuidDump dump) {
        this.dump = dump;
        amd = !dump.vendor().equals("GenuineIntel");
        nearest = NearestMachine.of(amd, dump.family(), dump.model());
        base = Machines.preset(nearest);
    }

    /**
     * YAML; lines end in \n.
     *
     * @param text of {@code cpuid -1} or {@code cpuid -r}
     * @throws CpuidException if it cannot be understood, or is of another vendor than Intel and AMD
     */
    public static String of(String text) throws CpuidException {
        CpuidDump dump = CpuidReader.read(text);
        if (!List.of("GenuineIntel", "AuthenticAMD").contains(dump.vendor())) {
            throw new CpuidException(
                    1,
                    "the vendor is '" + CpuidException.shortened(dump.vendor()) + "'",
                    "leaf 0 of an Intel or AMD processor says GenuineIntel or AuthenticAMD");
        }
        return new CpuidPreset(dump).written();
    }

    private String written() {
        out.append("# ")
                .append(dump.vendor())
                .append(", family ")
                .append(dump.family())
                .append(", model ")
                .append(dump.model())
                .append(": what CPUID tells, over the nearest preset.\n")
                .append(
                        "# It does not tell latencies, walk caches, what transitions cost and what VMX or SVM offers: they\n")
                .append("# are those of ")
                .append(nearest)
                .append(".\n");
        if (dump.coreType() == CpuidDump.ATOM || dump.coreType() == CpuidDump.CORE) {
            out.append("# It is a core of type ")
                    .append(dump.coreType() == CpuidDump.ATOM ? "Atom" : "Core")
                    .append("; a hybrid processor has both.\n");
        }
        if (dump.bits(0x80000008, 0, Register.EAX, 8, 8) > 48) {
            out.append("# Linear addresses have 57 bits, so page_levels: 5 is possible too.\n");
        }
        out.append("preset: ").append(nearest).append('\n');
        top("vendor", amd ? "amd" : "intel", "CPUID leaf 0");
        int megahertz = dump.bits(0x16, 0, Register.EAX, 0, 16);
        if (megahertz > 0) {
            top("clock", megahertz + "MHz", "CPUID leaf 16H, base frequency");
        }
        features();
        tlbs();
        out.append("sources:\n");
        sources.forEach((path, source) ->
                out.append("  ").append(path).append(": ").append(source).append('\n'));
        return out.toString();
    }

    private void top(String key, String value, String source) {
        out.append(key).append(": ").append(value).append('\n');
        sources.put(key, source);
    }

    private void features() {
        out.append("features:\n");
        feature("pcid", dump.bit(1, Register.ECX, 17), "CPUID leaf 1, ECX bit 17");
        feature("pages_1gib", dump.bit(0x80000001, Register.EDX, 26), "CPUID leaf 80000001H, EDX bit 26");
        feature(
                "segment_limits",
                amd && !dump.bit(0x80000008, Register.EBX, 20),
                amd ? "CPUID leaf 80000008H, EBX bit 20" : "SDM vol. 3, 5.3.1, in 64-bit mode limits are not checked");
    }

    private void feature(String name, boolean on, String source) {
        out.append("  ").append(name).append(on ? ": on\n" : ": off\n");
        sources.put("features." + name, source);
    }

    private void tlbs() {
        List<Tlbs> arrays = Tlbs.of(dump, amd);
        if (arrays.isEmpty()) {
            out.append("# No leaf tells of TLBs.\n");
            return;
        }
        out.append("tlb:\n");
        arrays.forEach(this::tlb);
        base.tlb().forEach((name, preset) -> {
            boolean replaced = arrays.stream().anyMatch(array -> replaces(array.fact(), preset));
            if (replaced && arrays.stream().noneMatch(array -> array.name().equals(name))) {
                out.append("  ").append(name).append(": null\n");
            }
        });
    }

    private static boolean replaces(TlbFact fact, TlbConfig preset) {
        return fact.level() == preset.level() && fact.holds().overlaps(preset.holds());
    }

    private void tlb(Tlbs array) {
        TlbFact fact = array.fact();
        Map<String, String> keys = new LinkedHashMap<>();
        if (array.isHead()) {
            keys.put("level", String.valueOf(fact.level()));
            keys.put("holds", fact.holds().word());
        } else {
            keys.put("beside", array.head());
        }
        keys.put("pages", fact.pages().stream().map(PageChoice::word).collect(Collectors.joining(", ", "[", "]")));
        keys.put("entries", String.valueOf(fact.entries()));
        keys.put("ways", fact.ways() == TlbFact.FULL ? "full" : String.valueOf(fact.ways()));
        String path = "tlb." + array.name() + ".";
        keys.keySet().forEach(key -> sources.put(path + key, fact.source()));
        if (array.isHead() && fact.level() == 2) {
            keys.put("hit_cycles", String.valueOf(hitCycles(fact)));
            sources.put(path + "hit_cycles", "assumed, as " + nearest);
        }
        out.append("  ")
                .append(array.name())
                .append(": ")
                .append(keys.entrySet().stream()
                        .map(key -> key.getKey() + ": " + key.getValue())
                        .collect(Collectors.joining(", ", "{", "}\n")));
    }

    private int hitCycles(TlbFact fact) {
        return base.tlb().values().stream()
                .filter(preset -> replaces(fact, preset))
                .findFirst()
                .map(TlbConfig::hitCycles)
                .orElse(ASSUMED_HIT_CYCLES);
    }
}

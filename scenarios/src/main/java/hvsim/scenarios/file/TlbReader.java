package hvsim.scenarios.file;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code machine.tlb}: the arrays, and whether they fit together. */
final class TlbReader {
    private static final int FULL = 0;
    private static final int MOST_ENTRIES = 1 << 20;

    private static final TlbConfig TAKEN_AWAY =
            new TlbConfig(1, Holds.ALL, List.of(), 0, 1, SetIndex.MASK, 0, Replacement.LRU, Optional.empty());

    private static final Kind<Integer> WAYS = text -> text.equals("full") ? FULL : positiveWays(text);

    private TlbReader() {}

    private static int positiveWays(String text) throws BadValueException {
        try {
            return Kind.count(1, MOST_ENTRIES).read(text);
        } catch (BadValueException e) {
            throw new BadValueException(e.what(), e.rule() + "; or full, for one set");
        }
    }

    /** @param presetNames what the preset has; those taken away are shown as null, so that they stay away */
    static Map<String, TlbConfig> read(Section tlbs, Set<String> presetNames) {
        Map<String, Section> sections = new LinkedHashMap<>();
        tlbs.names().forEach(name -> sections.put(name, tlbs.section(name)));
        Map<String, TlbConfig> all = new LinkedHashMap<>();
        sections.forEach((name, section) -> all.put(name, section.has("beside") ? TAKEN_AWAY : alone(name, section)));
        sections.forEach((name, section) -> {
            if (section.has("beside")) {
                all.put(name, beside(name, section, all, presetNames));
            }
        });
        all.values().removeIf(tlb -> tlb.entries() == 0);
        if (tlbs.isSound()) {
            TlbRules.check(sections, all);
        }
        sections.keySet().stream().filter(name -> !all.containsKey(name)).forEach(tlbs::hide);
        presetNames.stream().filter(name -> !all.containsKey(name)).forEach(name -> tlbs.show(name, null));
        tlbs.close();
        return all;
    }

    private static TlbConfig alone(String name, Section tlb) {
        checkName(name, tlb);
        int level = tlb.required("level", 1, Kind.count(1, 2));
        Holds holds = tlb.required("holds", Holds.ALL, Kind.choice(Holds.class));
        return array(tlb, level, holds, Optional.empty(), 0);
    }

    private static TlbConfig beside(String name, Section tlb, Map<String, TlbConfig> all, Set<String> presetNames) {
        checkName(name, tlb);
        String partner = tlb.required("beside", "", Kind.TEXT);
        TlbConfig other = all.getOrDefault(partner, TAKEN_AWAY);
        if (other.entries() == 0 || other.beside().isPresent()) {
            if (!presetNames.contains(name)) { // else it goes with the TLB that it is a part of
                String what =
                        other.beside().isPresent() ? "'" + partner + "' is itself beside another" : noSuch(partner);
                tlb.fault("beside", what, "choices: " + names(all));
            }
            return TAKEN_AWAY;
        }
        int level = tlb.value("level", other.level(), Kind.count(1, 2));
        Holds holds = tlb.value("holds", other.holds(), Kind.choice(Holds.class));
        TlbConfig array = array(tlb, level, holds, Optional.of(partner), other.hitCycles());
        if (level != other.level() || holds != other.holds()) {
            tlb.fault(
                    "beside",
                    "'" + partner + "' is at another level or holds other references",
                    "both are one look-up; leave out level and holds");
        }
        return array;
    }

    private static String noSuch(String partner) {
        return "there is no " + Text.quoted(partner);
    }

    private static String names(Map<String, TlbConfig> all) {
        return String.join(
                ", ",
                all.entrySet().stream()
                        .filter(e -> e.getValue().entries() > 0
                                && e.getValue().beside().isEmpty())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private static void checkName(String name, Section tlb) {
        if (!Kind.NAME.matcher(name).matches()) {
            tlb.fault(
                    tlb.at(),
                    "",
                    Text.quoted(name) + " is no name for a TLB",
                    "a letter, then letters, digits, _ and -; at most 40");
        }
    }

    private static TlbConfig array(Section tlb, int level, Holds holds, Optional<String> beside, int hitCycles) {
        List<PageChoice> pages = tlb.has("pages")
                ? tlb.list("pages", List.of(), Kind.choice(PageChoice.class))
                : List.of(tlb.required("pages", PageChoice.KIB_4, Kind.choice(PageChoice.class)));
        int entries = tlb.required("entries", 1, Kind.count(0, MOST_ENTRIES));
        int written = tlb.required("ways", FULL, WAYS);
        int ways = written == FULL ? Math.max(1, entries) : written;
        if (written == FULL) {
            tlb.show("ways", "full");
        }
        if (tlb.isSound()) {
            TlbRules.checkSets(tlb, entries, ways);
        }
        SetIndex index = setIndex(tlb, entries / ways);
        int cost = hitCycles(tlb, level, hitCycles, beside.isPresent());
        Replacement replacement = tlb.value("replacement", Replacement.LRU, Kind.choice(Replacement.class));
        if (tlb.isSound() && replacement == Replacement.TREE_PLRU) {
            TlbRules.checkTree(tlb, ways);
        }
        tlb.close();
        List<PageChoice> ascending = List.copyOf(pages.isEmpty() ? pages : EnumSet.copyOf(pages));
        return new TlbConfig(level, holds, ascending, entries, ways, index, cost, replacement, beside);
    }

    private static SetIndex setIndex(Section tlb, int sets) {
        boolean powerOfTwo = Integer.bitCount(sets) == 1;
        SetIndex index =
                tlb.value("set_index", powerOfTwo ? SetIndex.MASK : SetIndex.MODULO, Kind.choice(SetIndex.class));
        if (powerOfTwo || index == SetIndex.MODULO || !tlb.isSound() || sets == 0) {
            return index;
        }
        String what = "'" + index.word() + "' with " + sets + " sets, no power of two";
        if (tlb.binding().isPreset(tlb.at("set_index"))) {
            tlb.binding().note(tlb.at("entries"), tlb.path() + ".set_index: the preset's " + what + "; modulo is used");
            tlb.show("set_index", SetIndex.MODULO.word());
            tlb.binding().isDefault(tlb.path() + ".set_index");
        } else {
            tlb.fault("set_index", what, "use set_index: modulo");
        }
        return SetIndex.MODULO;
    }

    private static int hitCycles(Section tlb, int level, int besideCycles, boolean isBeside) {
        Kind<Integer> cycles = Kind.count(0, 10_000);
        if (level == 1) {
            if (tlb.optional("hit_cycles", cycles).isPresent()) {
                tlb.fault("hit_cycles", "a hit at level 1 costs nothing", "hit_cycles is for level 2");
            }
            return 0;
        }
        return isBeside ? tlb.value("hit_cycles", besideCycles, cycles) : tlb.required("hit_cycles", 0, cycles);
    }
}

package hvsim.scenarios.file;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What arrays of a TLB have to fulfil. */
final class TlbRules {
    private TlbRules() {}

    static void checkSets(Section tlb, int entries, int ways) {
        if (entries % ways == 0) {
            return;
        }
        int fewer = entries / ways * ways;
        String counts = (fewer > 0 ? fewer + " or " : "") + (fewer + ways) + " entries would be";
        String divisors = IntStream.rangeClosed(1, entries)
                .filter(d -> entries % d == 0)
                .boxed()
                .sorted((a, b) -> Integer.compare(Math.abs(a - ways), Math.abs(b - ways)))
                .limit(2)
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(" or "));
        tlb.fault(
                tlb.at(tlb.has("ways") ? "ways" : "entries"),
                tlb.path(),
                entries + " entries in " + ways + " ways is no whole number of sets",
                counts + "; or ways: " + divisors + "; or ways: full");
    }

    static void check(Map<String, Section> sections, Map<String, TlbConfig> all) {
        Map<String, Set<PageChoice>> pagesOf = new LinkedHashMap<>();
        all.forEach((name, tlb) -> {
            String group = tlb.beside().orElse(name);
            Set<PageChoice> taken = pagesOf.computeIfAbsent(group, unused -> EnumSet.noneOf(PageChoice.class));
            Section section = sections.get(name);
            if (tlb.pages().isEmpty()) {
                section.fault(
                        "pages",
                        "an array that holds no page size",
                        "choices: 4KiB, 2MiB, 1GiB; entries: 0 takes an array away");
            }
            tlb.pages().stream()
                    .filter(page -> !taken.add(page))
                    .forEach(page -> section.fault(
                            "pages",
                            page.word() + " is already held by the array beside it",
                            "each page size is held once"));
            if (tlb.beside().isPresent() && !all.containsKey(group)) {
                section.fault("beside", "'" + group + "' has no entries", "take the key 'beside' away, or both arrays");
            }
        });
        checkOneLookup(sections, all);
    }

    /** At each level, one TLB serves a reference; several arrays of it stand beside each other. */
    private static void checkOneLookup(Map<String, Section> sections, Map<String, TlbConfig> all) {
        List<Map.Entry<String, TlbConfig>> heads = all.entrySet().stream()
                .filter(e -> e.getValue().beside().isEmpty())
                .toList();
        for (int i = 0; i < heads.size(); i++) {
            for (Map.Entry<String, TlbConfig> earlier : heads.subList(0, i)) {
                TlbConfig a = earlier.getValue();
                TlbConfig b = heads.get(i).getValue();
                if (a.level() == b.level()
                        && (a.holds() == b.holds() || a.holds() == Holds.ALL || b.holds() == Holds.ALL)) {
                    sections.get(heads.get(i).getKey())
                            .fault(
                                    "level",
                                    "'" + earlier.getKey() + "' already serves these references at level " + b.level(),
                                    "arrays of one TLB are written with beside: " + earlier.getKey());
                }
            }
        }
    }
}

package hvsim.scenarios.file;

import java.util.EnumSet;
import java.util.LinkedHashMap;
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

    static void checkTree(Section tlb, int ways) {
        int most = hvsim.tlb.Replacement.MOST_TREE_WAYS;
        if (Integer.bitCount(ways) == 1 && ways <= most) {
            return;
        }
        int fewer = Math.min(most, Integer.highestOneBit(ways));
        String choices = fewer == most ? String.valueOf(most) : fewer + " or " + 2 * fewer;
        tlb.fault(
                "replacement",
                "'tree_plru' with " + ways + " ways; a tree needs a power of two, up to " + most,
                "ways: " + choices + "; or choices: lru, fifo, random");
    }

    static void check(Map<String, Section> sections, Map<String, TlbConfig> all) {
        Map<String, Set<PageChoice>> pagesOf = new LinkedHashMap<>();
        sections.forEach((name, section) -> {
            TlbConfig tlb = all.get(name);
            if (tlb == null) {
                return; // taken away
            }
            String group = tlb.beside().orElse(name);
            Set<PageChoice> taken = pagesOf.computeIfAbsent(group, unused -> EnumSet.noneOf(PageChoice.class));
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
        });
        checkOneLookup(sections, all);
    }

    /** At each level, one TLB serves a reference; several arrays of it stand beside each other. */
    private static void checkOneLookup(Map<String, Section> sections, Map<String, TlbConfig> all) {
        Map<String, TlbConfig> heads = new LinkedHashMap<>();
        sections.forEach((name, section) -> {
            TlbConfig tlb = all.get(name);
            if (tlb == null || tlb.beside().isPresent()) {
                return;
            }
            heads.forEach((earlier, head) -> {
                if (head.level() == tlb.level() && head.holds().overlaps(tlb.holds())) {
                    section.fault(
                            "level",
                            "'" + earlier + "' already serves these references at level " + tlb.level(),
                            "arrays of one TLB are written with beside: " + earlier);
                }
            });
            heads.put(name, tlb);
        });
    }
}

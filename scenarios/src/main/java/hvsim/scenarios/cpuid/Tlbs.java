package hvsim.scenarios.cpuid;

import hvsim.scenarios.file.Holds;
import hvsim.scenarios.file.PageChoice;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Arrays as presets have them, each page size held once at each level: where silicon has two arrays for one size,
 * this has one as large as both.
 *
 * @param name of the array
 * @param head the array beside which it stands; its own name if it is one
 * @param fact its level, what it holds, and where that is from
 */
record Tlbs(String name, String head, TlbFact fact) {
    static List<Tlbs> of(CpuidDump dump, boolean amd) {
        List<TlbFact> facts = amd ? AmdTlbs.of(dump) : intel(dump);
        List<Tlbs> all = new ArrayList<>();
        for (int level = 1; level <= 2; level++) {
            for (Holds holds : Holds.values()) {
                all.addAll(group(level, holds, facts));
            }
        }
        return all;
    }

    private static List<TlbFact> intel(CpuidDump dump) {
        List<TlbFact> facts = TranslationLeaf.of(dump);
        return facts.isEmpty() ? TlbDescriptors.of(dump) : facts;
    }

    /** The arrays that make one look-up, the one with the smallest pages first. */
    private static List<Tlbs> group(int level, Holds holds, List<TlbFact> facts) {
        Map<List<TlbFact>, Set<PageChoice>> byArrays = new LinkedHashMap<>();
        for (PageChoice page : PageChoice.values()) {
            List<TlbFact> serving = facts.stream()
                    .filter(fact -> fact.level() == level
                            && fact.holds() == holds
                            && fact.pages().contains(page))
                    .distinct()
                    .toList();
            if (!serving.isEmpty()) {
                byArrays.computeIfAbsent(serving, unused -> EnumSet.noneOf(PageChoice.class))
                        .add(page);
            }
        }
        String head = name(level, holds);
        List<Tlbs> all = new ArrayList<>();
        byArrays.forEach((arrays, pages) -> {
            String name = all.isEmpty() ? head : head + suffix(pages);
            all.add(new Tlbs(name, head, together(arrays, pages)));
        });
        return all;
    }

    private static String name(int level, Holds holds) {
        return switch (holds) {
            case FETCH -> level == 1 ? "itlb" : "l2_itlb";
            case DATA -> level == 1 ? "dtlb" : "l2_dtlb";
            case ALL -> level == 1 ? "tlb" : "stlb";
        };
    }

    private static String suffix(Set<PageChoice> pages) {
        return pages.contains(PageChoice.MIB_2) ? "_2m" : "_1g";
    }

    private static TlbFact together(List<TlbFact> arrays, Set<PageChoice> pages) {
        int entries = arrays.stream().mapToInt(TlbFact::entries).sum();
        boolean full = arrays.stream().anyMatch(array -> array.ways() == TlbFact.FULL);
        int ways = full ? TlbFact.FULL : arrays.stream().mapToInt(TlbFact::ways).sum();
        boolean fits = ways == TlbFact.FULL || entries % ways == 0;
        String source = arrays.stream().map(TlbFact::source).distinct().collect(Collectors.joining("; "));
        String more = fits ? "" : ", whose " + ways + " ways make no whole number of sets";
        TlbFact first = arrays.get(0);
        return new TlbFact(first.level(), first.holds(), pages, entries, fits ? ways : TlbFact.FULL, source + more);
    }

    boolean isHead() {
        return name.equals(head);
    }
}

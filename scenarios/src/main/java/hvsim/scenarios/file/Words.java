package hvsim.scenarios.file;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a user may have meant by a word. */
final class Words {
    /** The trade's other names, and the word that means the same here. */
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("ept", "nested"),
            Map.entry("npt", "nested"),
            Map.entry("tdp", "nested"),
            Map.entry("hap", "nested"),
            Map.entry("slat", "nested"),
            Map.entry("vmx", "hardware"),
            Map.entry("vt-x", "hardware"),
            Map.entry("vtx", "hardware"),
            Map.entry("svm", "hardware"),
            Map.entry("hvm", "hardware"),
            Map.entry("hwassisted", "hardware"),
            Map.entry("bt", "binary_translation"),
            Map.entry("pv", "paravirtual"),
            Map.entry("xen", "paravirtual"),
            Map.entry("spt", "shadow"),
            Map.entry("virtio", "split"),
            Map.entry("vfio", "passthrough"),
            Map.entry("sr-iov", "sr_iov"),
            Map.entry("asid", "vpid"),
            Map.entry("none", "native"),
            Map.entry("random", "uniform"),
            Map.entry("rr", "round_robin"),
            Map.entry("eager", "premapped"),
            Map.entry("lazy", "demand"),
            Map.entry("instruction", "fetch"),
            Map.entry("unified", "all"),
            Map.entry("cycle", "loop"),
            Map.entry("plru", "tree_plru"));

    /** Words of hvsim's vocabulary that name what this version does not model. */
    private static final Set<String> NOT_YET = Set.of(
            "paravirtual", "software_filled", "direct", "hosted", "split", "passthrough", "sr_iov", "vmdq", "nvme");

    private Words() {}

    /** What the word is called here; empty if it is no other name of anything. */
    static Optional<String> nameHere(String word) {
        return Optional.ofNullable(OTHER_NAMES.get(word.toLowerCase(Locale.ROOT)));
    }

    static boolean isNotYet(String word) {
        return NOT_YET.contains(word);
    }

    /** The most similar of the choices, if it is similar enough to be meant. */
    static Optional<String> nearest(String word, Collection<String> choices) {
        String key = word.toLowerCase(Locale.ROOT).replace('-', '_');
        Optional<String> renamed = nameHere(word).filter(choices::contains);
        if (renamed.isPresent() || key.length() > 60) {
            return renamed;
        }
        int limit = Math.max(1, key.length() / 3);
        String best = null;
        for (String choice : choices) {
            int distance = distance(key, choice.toLowerCase(Locale.ROOT), limit);
            if (distance <= limit && (best == null || distance < distance(key, best.toLowerCase(Locale.ROOT), limit))) {
                best = choice;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Insertions, deletions, replacements and exchanges of neighbours that make one of the other. */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) > limit) {
            return Integer.MAX_VALUE;
        }
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : step(a, b, d, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int step(String a, String b, int[][] d, int i, int j) {
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean exchanged = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return exchanged ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}

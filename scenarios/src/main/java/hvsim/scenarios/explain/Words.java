package hvsim.scenarios.explain;

import java.util.Locale;

/** How names are compared: without regard to case, and to what stands between words. */
final class Words {
    private Words() {}

    static String normal(String word) {
        return word.trim()
                .toUpperCase(Locale.ROOT)
                .replaceAll("[^A-Z0-9]+", "_")
                .replaceAll("^_|_$", "");
    }

    static String small(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}

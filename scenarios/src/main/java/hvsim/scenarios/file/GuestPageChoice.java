package hvsim.scenarios.file;

import hvsim.ept.GuestPage;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** The page sizes that leaves of a guest's tables can have; which ones, its mode says. */
public enum GuestPageChoice implements Choice {
    KIB_4("4KiB", GuestPage.KIB_4),
    MIB_2("2MiB", GuestPage.MIB_2),
    MIB_4("4MiB", GuestPage.MIB_4),
    GIB_1("1GiB", GuestPage.GIB_1);

    private final String word;
    private final GuestPage page;

    GuestPageChoice(String word, GuestPage page) {
        this.word = word;
        this.page = page;
    }

    @Override
    public String word() {
        return word;
    }

    public GuestPage page() {
        return page;
    }

    public long bytes() {
        return page.bytes();
    }

    /** Those that tables have in a mode (SDM vol. 3, table 4-1). */
    static Set<GuestPageChoice> in(OperatingMode mode) {
        return switch (mode) {
            case LONG -> EnumSet.of(KIB_4, MIB_2, GIB_1);
            case PAE -> EnumSet.of(KIB_4, MIB_2);
            case BITS_32 -> EnumSet.of(KIB_4, MIB_4);
            case REAL -> EnumSet.of(KIB_4);
        };
    }

    static String words(Set<GuestPageChoice> pages) {
        return pages.stream().map(GuestPageChoice::word).collect(Collectors.joining(", "));
    }
}

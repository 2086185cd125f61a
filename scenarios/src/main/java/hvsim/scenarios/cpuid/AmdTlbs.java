package hvsim.scenarios.cpuid;

import hvsim.scenarios.cpuid.CpuidDump.Register;
import hvsim.scenarios.file.Holds;
import hvsim.scenarios.file.PageChoice;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Leaves 80000005H, 80000006H and 80000019H: arrays by level and page size. Arrays of one shape are taken as one. */
final class AmdTlbs {
    /** Level 2's codes of associativity; 8 stands for 16 and so on, and 15 for full. */
    private static final int[] WAYS = {0, 1, 2, 3, 4, 6, 8, 0, 16, 0, 32, 48, 64, 96, 128, TlbFact.FULL};

    private static final int FULL_CODE = 15;

    /** Fn8000_0021 EAX bit 14, L2TlbSizeX32. Decoded text does not have it; all of family 1AH do. */
    private static final int SIZES_TIMES_32 = 14;

    private static final int FAMILY_ZEN_5 = 0x1a;

    private final CpuidDump dump;
    private final List<TlbFact> all = new ArrayList<>();

    private AmdTlbs(CpuidDump dump) {
        this.dump = dump;
    }

    static List<TlbFact> of(CpuidDump dump) {
        AmdTlbs tlbs = new AmdTlbs(dump);
        tlbs.first(PageChoice.KIB_4, Register.EBX);
        tlbs.first(PageChoice.MIB_2, Register.EAX);
        tlbs.coded(1, PageChoice.GIB_1, 0x80000019, Register.EAX);
        tlbs.coded(2, PageChoice.KIB_4, 0x80000006, Register.EBX);
        tlbs.coded(2, PageChoice.MIB_2, 0x80000006, Register.EAX);
        tlbs.coded(2, PageChoice.GIB_1, 0x80000019, Register.EBX);
        return tlbs.all;
    }

    /** Bytes: entries and ways of fetches, then of data; 255 ways are full. */
    private void first(PageChoice page, Register register) {
        for (Holds holds : List.of(Holds.FETCH, Holds.DATA)) {
            int from = holds == Holds.FETCH ? 0 : 16;
            int ways = dump.bits(0x80000005, 0, register, from + 8, 8);
            int entries = dump.bits(0x80000005, 0, register, from, 8);
            add(1, holds, page, entries, ways == 255 ? TlbFact.FULL : ways, ways != 0, 0x80000005, register);
        }
    }

    private void coded(int level, PageChoice page, int leaf, Register register) {
        for (Holds holds : List.of(Holds.FETCH, Holds.DATA)) {
            int from = holds == Holds.FETCH ? 0 : 16;
            int code = dump.bits(leaf, 0, register, from + 12, 4);
            int entries = dump.bits(leaf, 0, register, from, 12) * (level == 2 ? unit() : 1);
            add(level, holds, page, entries, WAYS[code], code == FULL_CODE || WAYS[code] != 0, leaf, register);
        }
    }

    private int unit() {
        boolean times32 = dump.bit(0x80000021, Register.EAX, SIZES_TIMES_32) || dump.family() >= FAMILY_ZEN_5;
        return times32 ? 32 : 1;
    }

    private void add(
            int level, Holds holds, PageChoice page, int entries, int ways, boolean isThere, int leaf, Register in) {
        if (!isThere || entries == 0) {
            return;
        }
        String where = Integer.toHexString(leaf) + "H " + in;
        for (TlbFact other : all) {
            if (other.level() == level
                    && other.holds() == holds
                    && other.entries() == entries
                    && other.ways() == ways) {
                Set<PageChoice> pages = EnumSet.copyOf(other.pages());
                pages.add(page);
                all.remove(other);
                all.add(new TlbFact(level, holds, pages, entries, ways, other.source() + " and " + where));
                return;
            }
        }
        all.add(new TlbFact(level, holds, EnumSet.of(page), entries, ways, "CPUID leaf " + where));
    }
}

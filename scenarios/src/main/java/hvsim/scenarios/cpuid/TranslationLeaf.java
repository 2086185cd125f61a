package hvsim.scenarios.cpuid;

import hvsim.scenarios.cpuid.CpuidDump.Register;
import hvsim.scenarios.file.Holds;
import hvsim.scenarios.file.PageChoice;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Leaf 18H, deterministic address translation parameters: one array in each subleaf. Levels start at 1; decoded text has
 * each of them one higher, so they are counted from the lowest one.
 */
final class TranslationLeaf {
    static final int LEAF = 0x18;

    private TranslationLeaf() {}

    static List<TlbFact> of(CpuidDump dump) {
        List<TlbFact> all = new ArrayList<>();
        int above = lowestLevel(dump) - 1;
        for (int subleaf : dump.subleaves(LEAF)) {
            Optional<Holds> holds = holds(dump.bits(LEAF, subleaf, Register.EDX, 0, 5));
            long ways = dump.bits(LEAF, subleaf, Register.EBX, 16, 16);
            long entries = ways * Integer.toUnsignedLong(dump.get(LEAF, subleaf, Register.ECX));
            if (holds.isPresent() && entries > 0 && entries <= 1 << 20) {
                boolean full = dump.bits(LEAF, subleaf, Register.EDX, 8, 1) != 0;
                all.add(new TlbFact(
                        dump.bits(LEAF, subleaf, Register.EDX, 5, 3) - above,
                        holds.get(),
                        pages(dump.get(LEAF, subleaf, Register.EBX)),
                        (int) entries,
                        full ? TlbFact.FULL : (int) ways,
                        "CPUID leaf 18H, subleaf " + subleaf));
            }
        }
        return all;
    }

    private static int lowestLevel(CpuidDump dump) {
        return dump.subleaves(LEAF).stream()
                .filter(subleaf -> dump.bits(LEAF, subleaf, Register.EDX, 0, 5) != 0)
                .mapToInt(subleaf -> dump.bits(LEAF, subleaf, Register.EDX, 5, 3))
                .min()
                .orElse(1);
    }

    /** 1 data, 2 fetches, 3 both, 4 loads; 5, stores alone, is left out: the model has one TLB for all data. */
    private static Optional<Holds> holds(int type) {
        return switch (type) {
            case 1, 4 -> Optional.of(Holds.DATA);
            case 2 -> Optional.of(Holds.FETCH);
            case 3 -> Optional.of(Holds.ALL);
            default -> Optional.empty();
        };
    }

    private static Set<PageChoice> pages(int bits) {
        Set<PageChoice> pages = EnumSet.noneOf(PageChoice.class);
        if ((bits & 1) != 0) {
            pages.add(PageChoice.KIB_4);
        }
        if ((bits & 2) != 0) {
            pages.add(PageChoice.MIB_2);
        }
        if ((bits & 8) != 0) {
            pages.add(PageChoice.GIB_1);
        }
        return pages;
    }
}

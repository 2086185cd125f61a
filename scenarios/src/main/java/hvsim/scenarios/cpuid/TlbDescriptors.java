package hvsim.scenarios.cpuid;

import hvsim.scenarios.cpuid.CpuidDump.Register;
import hvsim.scenarios.file.Holds;
import hvsim.scenarios.file.PageChoice;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Leaf 2: bytes that each name an array. Those of TLBs, as the SDM lists them under CPUID; 4 MiB counts as 2 MiB. Its
 * "Data TLB1" is level 2; so are the large arrays that only stand beside a small one of the same kind (64H, 6BH to 6DH).
 */
final class TlbDescriptors {
    /** Byte, what it serves (i fetches, d data, D data at level 2, s all at level 2), sizes, entries, ways. */
    private static final String TABLE = """
            01 i 4 32 4      02 i 2 2 0       03 d 4 64 4      04 d 2 8 4       05 D 2 32 4      0b i 2 4 4
            4f i 4 32 0      50 i 42 64 0     51 i 42 128 0    52 i 42 256 0    55 i 2 7 0       56 d 2 16 4
            57 d 4 16 4      59 d 4 16 0      5a d 2 32 4      5b d 42 64 0     5c d 42 128 0    5d d 42 256 0
            61 i 4 48 0      63 d 2 32 4      63 d 1 4 4       64 D 4 512 4     6a d 4 64 8      6b D 4 256 8
            6c D 2 128 8     6d D 1 16 0      76 i 2 8 0       a0 d 4 32 0      b0 i 4 128 4     b1 i 2 8 4
            b2 i 4 64 4      b3 d 4 128 4     b4 D 4 256 4     b5 i 4 64 8      b6 i 4 128 8     ba D 4 64 4
            c0 d 42 8 4      c1 s 42 1024 8   c2 d 42 16 4     c3 s 42 1536 6   c3 s 1 16 4      c4 d 2 32 4
            ca s 4 512 4
            """;

    private static final int LEAF = 2;

    private static final Map<Integer, List<TlbFact>> ARRAYS = arrays();

    private TlbDescriptors() {}

    private static Map<Integer, List<TlbFact>> arrays() {
        Map<Integer, List<TlbFact>> all = new TreeMap<>();
        String[] words = TABLE.strip().split("\\s+", -1);
        for (int i = 0; i < words.length; i += 5) {
            int descriptor = Integer.parseInt(words[i], 16);
            String source = "CPUID leaf 2, descriptor " + words[i].toUpperCase(Locale.ROOT) + "H";
            TlbFact array = new TlbFact(
                    level(words[i + 1]),
                    holds(words[i + 1]),
                    pages(words[i + 2]),
                    Integer.parseInt(words[i + 3]),
                    Integer.parseInt(words[i + 4]),
                    source);
            all.computeIfAbsent(descriptor, unused -> new ArrayList<>()).add(array);
        }
        return all;
    }

    private static int level(String serves) {
        return serves.equals("D") || serves.equals("s") ? 2 : 1;
    }

    private static Holds holds(String serves) {
        return serves.equals("i") ? Holds.FETCH : serves.equals("s") ? Holds.ALL : Holds.DATA;
    }

    private static Set<PageChoice> pages(String sizes) {
        Set<PageChoice> pages = EnumSet.noneOf(PageChoice.class);
        sizes.chars()
                .forEach(size ->
                        pages.add(size == '4' ? PageChoice.KIB_4 : size == '2' ? PageChoice.MIB_2 : PageChoice.GIB_1));
        return pages;
    }

    static List<TlbFact> of(CpuidDump dump) {
        List<TlbFact> all = new ArrayList<>();
        for (int subleaf : dump.subleaves(LEAF)) {
            for (Register register : Register.values()) {
                all.addAll(of(register, dump.get(LEAF, subleaf, register)));
            }
        }
        return all;
    }

    /** A register with bit 31 set holds no descriptors, and the lowest byte of EAX is a count. */
    private static List<TlbFact> of(Register register, int value) {
        List<TlbFact> all = new ArrayList<>();
        for (int at = register == Register.EAX ? 1 : 0; value >= 0 && at < 4; at++) {
            all.addAll(ARRAYS.getOrDefault(value >>> 8 * at & 0xff, List.of()));
        }
        return all;
    }
}

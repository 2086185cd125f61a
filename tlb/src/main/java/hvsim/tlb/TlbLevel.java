package hvsim.tlb;

import java.util.ArrayList;
import java.util.List;

/** The parts that one kind of access meets on one level, looked up side by side, smallest page first. */
final class TlbLevel {
    private static final int NONE = -1;

    /** Slots are unique within a level: the sets of all its parts are numbered through. */
    private final String name;

    private final TranslationCache[] cache;
    private final int[] sizeNumber;
    private final int[] shift;
    private final int[] hitCycles;
    private final int[] firstSet;

    private int lastProbe = NONE;
    private long lastKey;
    private int lastSet;

    private TlbLevel(String name, List<Built> parts) {
        this.name = name;
        List<PageSize> sizes = new ArrayList<>();
        List<Built> owners = new ArrayList<>();
        for (PageSize size : PageSize.values()) {
            for (Built part : parts) {
                if (part.spec().pages().contains(size)) {
                    sizes.add(size);
                    owners.add(part);
                }
            }
        }
        int probes = sizes.size();
        cache = new TranslationCache[probes];
        sizeNumber = new int[probes];
        shift = new int[probes];
        hitCycles = new int[probes];
        firstSet = new int[probes];
        for (int i = 0; i < probes; i++) {
            cache[i] = owners.get(i).cache();
            firstSet[i] = owners.get(i).firstSet();
            sizeNumber[i] = sizes.get(i).ordinal();
            shift[i] = sizes.get(i).shift();
            hitCycles[i] = owners.get(i).spec().hitCycles();
        }
    }

    /** A part, its store, and the number of its first set among the sets of all parts. */
    record Built(TlbSpec.Part spec, TranslationCache cache, int firstSet) {}

    /** Makes the stores of all parts; one store may serve both sides. */
    static List<Built> build(TlbSpec spec) {
        List<Built> built = new ArrayList<>();
        int set = 0;
        for (TlbSpec.Part part : spec.parts()) {
            built.add(new Built(part, part.store(), set));
            set += part.entries() / part.ways();
        }
        return built;
    }

    static TlbLevel of(List<Built> built, int level, TlbSpec.Holds side) {
        List<Built> parts = built.stream()
                .filter(p -> p.spec().level() == level && p.spec().serves(side))
                .toList();
        List<String> names = parts.stream().map(p -> p.spec().name()).distinct().toList();
        if (names.size() > 1) {
            throw new IllegalArgumentException(
                    "level " + level + " counts as both " + names.get(0) + " and " + names.get(1));
        }
        return new TlbLevel(names.isEmpty() ? "" : names.get(0), parts);
    }

    /** The name it counts as; empty if it has no parts. */
    String name() {
        return name;
    }

    /** The translation of an address, made the most recent of its set, or {@link Translation#NONE}. */
    long lookup(long gva, int tag, int globalTag) {
        for (int i = 0; i < cache.length; i++) {
            TranslationCache c = cache[i];
            if (c.size() == 0) {
                continue;
            }
            long number = gva >>> shift[i];
            int set = c.setOf(number & TlbTag.NUMBER_MASK);
            long key = number << TlbTag.NUMBER_SHIFT | (long) sizeNumber[i] << TlbTag.SIZE_SHIFT | tag;
            int slot = c.find(key, set);
            if (slot < 0 && c.live(globalTag) > 0) {
                key += globalTag - tag;
                slot = c.find(key, set);
            }
            if (slot >= 0) {
                c.touch(slot, set);
                last(i, key, set);
                return c.value(slot);
            }
        }
        lastProbe = NONE;
        return Translation.NONE;
    }

    private void last(int probe, long key, int set) {
        lastProbe = probe;
        lastKey = key;
        lastSet = firstSet[probe] + set;
    }

    /** Whether the last look-up hit, or the last fill found a part that holds its size. */
    boolean hasLast() {
        return lastProbe != NONE;
    }

    /** The set, among the sets of all parts, that the last hit or fill was in. */
    int lastSet() {
        return lastSet;
    }

    /** The key of the last hit or fill. */
    long lastKey() {
        return lastKey;
    }

    /** What the last successful look-up costs. */
    int hitCycles() {
        return hitCycles[lastProbe];
    }

    /** Puts a translation into the first part that holds its size, if one does. */
    void fill(long gva, long translation, int tag) {
        int number = Translation.sizeNumber(translation);
        lastProbe = NONE;
        for (int i = 0; i < cache.length && lastProbe == NONE; i++) {
            if (sizeNumber[i] == number) {
                long key = TlbTag.key(gva, shift[i], number, tag);
                int set = cache[i].setOf(TlbTag.numberOf(key));
                cache[i].insert(key, translation, set);
                last(i, key, set);
            }
        }
    }

    /** Removes what a marked space has of the page of {@code gva}, in every size. */
    void removePage(long gva, int tag) {
        for (int i = 0; i < cache.length; i++) {
            cache[i].remove(TlbTag.key(gva, shift[i], sizeNumber[i], tag));
        }
    }

    /** Entries that one address space has here. */
    int live(int tag) {
        int sum = 0;
        for (int i = 0; i < cache.length; i++) {
            sum += isSeenBefore(i) ? 0 : cache[i].live(tag);
        }
        return sum;
    }

    /** A part of several page sizes is looked up once for each. */
    private boolean isSeenBefore(int probe) {
        for (int i = 0; i < probe; i++) {
            if (cache[i] == cache[probe]) {
                return true;
            }
        }
        return false;
    }
}

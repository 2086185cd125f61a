package hvsim.tlb;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The oracle of {@link Tlb}: every access looks at every part, there is no front, and a miss is counted where it
 * happens. Rules of counting: the first level is asked first; a first-level hit leaves the second level alone; a
 * second-level hit fills the first level of the side that missed; a walk fills the second level, then the first.
 */
final class NaiveTlb {
    private final List<TlbSpec.Part> parts;
    private final Map<TlbSpec.Part, NaiveStore<Key>> stores = new LinkedHashMap<>();

    /** By level and side. */
    final long[][] misses = new long[3][2];

    /** What the last access cost. */
    int hitCycles;

    /** {@code pcid} is of no meaning for a global one; the guest's page is the one of the guest's tables. */
    record Key(Space owner, long pageNumber, PageSize size, int guestPageShift, boolean global) {
        boolean serves(Space space, long gva) {
            boolean sameSpace = owner.vpid() == space.vpid() && owner.ep4ta() == space.ep4ta();
            return sameSpace && (global || owner.pcid() == space.pcid()) && holds(gva);
        }

        boolean holds(long gva) {
            return pageNumber == gva >>> size.shift();
        }

        /** The halves of a page of 4 MiB are no pieces that a second stage made. */
        boolean isFractured() {
            return guestPageShift > size.shift() && !(guestPageShift == 22 && size == PageSize.SIZE_2M);
        }

        boolean isOfGuestPage(long gva) {
            return pageNumber << size.shift() >>> guestPageShift == gva >>> guestPageShift;
        }
    }

    record Space(int vpid, int pcid, long ep4ta) {}

    NaiveTlb(TlbSpec spec) {
        parts = spec.parts();
        parts.forEach(
                p -> stores.put(p, new NaiveStore<>(p.entries(), p.ways(), p.setIndex(), p.replacement(), p.seed())));
    }

    /** The translation, or null for a walk to be made. */
    Long access(Space space, TlbSpec.Holds side, long gva) {
        hitCycles = 0;
        NaiveStore.Entry<Key> hit = lookup(1, space, side, gva);
        if (hit != null) {
            return hit.value();
        }
        misses[1][side.ordinal()]++;
        hit = lookup(2, space, side, gva);
        if (hit != null) {
            fillLevel(1, side, hit.key(), hit.value());
            return hit.value();
        }
        misses[2][side.ordinal()]++;
        return null;
    }

    void fill(TlbSpec.Holds side, Key key, long translation) {
        fillLevel(2, side, key, translation);
        fillLevel(1, side, key, translation);
    }

    void removeIf(Predicate<Key> doomed) {
        stores.values().forEach(s -> s.removeIf(e -> doomed.test(e.key())));
    }

    boolean anyMatch(Predicate<Key> wanted) {
        return stores.values().stream().anyMatch(s -> s.entries().stream().anyMatch(e -> wanted.test(e.key())));
    }

    /** Entries of a space and its globals on one level. */
    long live(int level, TlbSpec.Holds side, Space space) {
        return parts.stream()
                .filter(p -> p.level() == level && isFor(p, side))
                .flatMap(p -> stores.get(p).entries().stream())
                .filter(e -> e.key()
                        .serves(space, e.key().pageNumber() << e.key().size().shift()))
                .count();
    }

    private NaiveStore.Entry<Key> lookup(int level, Space space, TlbSpec.Holds side, long gva) {
        for (PageSize size : PageSize.values()) {
            for (TlbSpec.Part part : parts) {
                if (part.level() == level && isFor(part, side) && part.pages().contains(size)) {
                    NaiveStore.Entry<Key> hit = lookup(stores.get(part), size, space, gva);
                    if (hit != null) {
                        hitCycles = part.hitCycles();
                        return hit;
                    }
                }
            }
        }
        return null;
    }

    private static NaiveStore.Entry<Key> lookup(NaiveStore<Key> store, PageSize size, Space space, long gva) {
        for (NaiveStore.Entry<Key> entry : store.entriesOfSet(gva >>> size.shift())) {
            if (entry != null && entry.key().size() == size && entry.key().serves(space, gva)) {
                return store.findAndTouch(entry.key().pageNumber(), entry.key());
            }
        }
        return null;
    }

    private void fillLevel(int level, TlbSpec.Holds side, Key key, long translation) {
        for (TlbSpec.Part part : parts) {
            if (part.level() == level && isFor(part, side) && part.pages().contains(key.size())) {
                stores.get(part).insert(key.pageNumber(), key, translation);
                return;
            }
        }
    }

    private static boolean isFor(TlbSpec.Part part, TlbSpec.Holds side) {
        return part.holds() == TlbSpec.Holds.ALL || part.holds() == side;
    }
}

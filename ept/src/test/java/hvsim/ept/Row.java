package hvsim.ept;

import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/** A row of the table of operations: of each kind of cached thing, what an operation must drop. Nothing if not said. */
final class Row implements Predicate<Cached> {
    static final Predicate<Cached> ALL = c -> true;

    private boolean linear = true;
    private IntPredicate vpid = v -> true;
    private IntPredicate pcid = p -> true;
    private LongPredicate ep4ta = e -> true;
    private Predicate<Cached> plain = c -> false;
    private Predicate<Cached> global = c -> false;
    private Predicate<Cached> structures = c -> false;
    private Predicate<Cached> guestPhysical = c -> false;

    static Predicate<Cached> page(long gva) {
        return c -> c.isPageOf(gva);
    }

    static Predicate<Cached> usedFor(long address) {
        return c -> c.isUsedFor(address);
    }

    Row combinedOnly() {
        linear = false;
        return this;
    }

    Row vpid(int number) {
        vpid = v -> v == number;
        return this;
    }

    Row vpidNotZero() {
        vpid = v -> v != 0;
        return this;
    }

    Row pcid(int number) {
        pcid = p -> p == number;
        return this;
    }

    /** Of combined and guest-physical mappings. */
    Row ep4ta(long root) {
        ep4ta = e -> e == root;
        return this;
    }

    Row plain(Predicate<Cached> which) {
        plain = which;
        return this;
    }

    Row global(Predicate<Cached> which) {
        global = which;
        return this;
    }

    Row structures(Predicate<Cached> which) {
        structures = which;
        return this;
    }

    Row guestPhysical(Predicate<Cached> which) {
        guestPhysical = which;
        return this;
    }

    /** The three columns of linear and combined mappings, all of them. */
    Row everything() {
        return plain(ALL).global(ALL).structures(ALL);
    }

    @Override
    public boolean test(Cached c) {
        return switch (c.kind()) {
            case GUEST_PHYSICAL -> ep4ta.test(c.ep4ta()) && guestPhysical.test(c);
            case LINEAR -> linear && ofSpace(c);
            case COMBINED -> ep4ta.test(c.ep4ta()) && ofSpace(c);
        };
    }

    private boolean ofSpace(Cached c) {
        if (!vpid.test(c.vpid())) {
            return false;
        }
        if (c.global()) {
            return global.test(c);
        }
        return pcid.test(c.pcid()) && (c.isStructure() ? structures : plain).test(c);
    }
}

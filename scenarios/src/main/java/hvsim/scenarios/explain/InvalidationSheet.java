package hvsim.scenarios.explain;

import hvsim.scenarios.report.Table;
import hvsim.scenarios.report.Table.Column;
import hvsim.tlb.Invalidation;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.Tlb;
import hvsim.tlb.TlbSpec;
import hvsim.tlb.TlbTag;
import hvsim.tlb.Translation;
import java.util.List;
import java.util.Set;

/** What an operation drops, on a small example: entries that differ in one tag each, and which of them are left. */
final class InvalidationSheet {
    static final int VPID = 1;
    static final int PCID = 2;
    static final long PAGE_A = 0x7000;
    static final long PAGE_B = 0x9000;
    static final long PAGE_G = 0x4000;
    static final long PAGE_H = 0x5000;
    static final long ROOT_E = 0x10_0000;
    static final long ROOT_F = 0x20_0000;

    private static final int ANY_PCID = TlbTag.GLOBAL;
    private static final long NONE = TlbTag.NO_EP4TA;
    private static final String SOURCE = "SDM (June 2016) vol. 3, 4.10.4 and 28.3.3";

    /** What is cached, by kind: final translations, paging-structure entries, guest-physical mappings. */
    private enum Kind {
        TRANSLATION,
        STRUCTURE,
        GUEST_PHYSICAL
    }

    private record Cached(Kind kind, int vpid, int pcid, long root, long page) {
        boolean isGlobal() {
            return pcid == ANY_PCID;
        }
    }

    private static final List<Cached> EXAMPLE = List.of(
            new Cached(Kind.TRANSLATION, 1, 2, ROOT_E, PAGE_A),
            new Cached(Kind.TRANSLATION, 1, 2, ROOT_E, PAGE_B),
            new Cached(Kind.TRANSLATION, 1, ANY_PCID, ROOT_E, PAGE_A),
            new Cached(Kind.TRANSLATION, 1, ANY_PCID, ROOT_E, PAGE_B),
            new Cached(Kind.TRANSLATION, 1, 3, ROOT_E, PAGE_A),
            new Cached(Kind.TRANSLATION, 1, 2, ROOT_F, PAGE_A),
            new Cached(Kind.TRANSLATION, 2, 2, ROOT_E, PAGE_A),
            new Cached(Kind.TRANSLATION, 1, 2, NONE, PAGE_A),
            new Cached(Kind.TRANSLATION, 0, 2, NONE, PAGE_A),
            new Cached(Kind.TRANSLATION, 0, 2, ROOT_E, PAGE_A),
            new Cached(Kind.STRUCTURE, 1, 2, ROOT_E, PAGE_A),
            new Cached(Kind.STRUCTURE, 1, 2, ROOT_E, 1L << 40),
            new Cached(Kind.STRUCTURE, 1, 3, ROOT_E, PAGE_A),
            new Cached(Kind.STRUCTURE, 2, 2, ROOT_E, PAGE_A),
            new Cached(Kind.GUEST_PHYSICAL, 0, 0, ROOT_E, PAGE_G),
            new Cached(Kind.GUEST_PHYSICAL, 0, 0, ROOT_E, PAGE_H),
            new Cached(Kind.GUEST_PHYSICAL, 0, 0, ROOT_F, PAGE_G));

    private final Tlb tlb = new Tlb(new TlbSpec(
            List.of(new TlbSpec.Part("tlb", 1, TlbSpec.Holds.ALL, Set.of(PageSize.SIZE_4K), 64, 64, SetIndex.MASK, 0)),
            false));
    private final TlbTag tags = new TlbTag();

    private InvalidationSheet() {
        for (Cached one : EXAMPLE) {
            if (one.kind == Kind.GUEST_PHYSICAL) {
                tags.ofGuestPhysical(one.root);
            } else {
                enter(one);
            }
            if (one.kind == Kind.TRANSLATION) {
                int flags = Translation.USER | (one.isGlobal() ? Translation.GLOBAL : 0);
                tlb.fill(Tlb.DATA_SIDE, one.page, Translation.pack(1L << 30, PageSize.SIZE_4K, flags));
            }
        }
    }

    static void write(DroppingOperation operation, Sheet sheet) {
        sheet.headline(operation.form() + ": drops " + operation.row());
        sheet.tell("source", SOURCE);
        sheet.section(
                "On a small example; current are VPID 1, PCID 2 and the EPT root E, under which a leads to g:",
                new InvalidationSheet().table(operation).lines(sheet.width()));
    }

    private Table table(DroppingOperation operation) {
        Table table = new Table(List.of(
                Column.left("cached", 2, 24),
                Column.left("VPID", 2, 4),
                Column.left("PCID", 2, 4),
                Column.left("EPT root", 2, 8),
                Column.left("address", 2, 8),
                Column.left("after", 2, 5)));
        Invalidation invalidation = operation.invalidation();
        if (invalidation != null) {
            tlb.invalidate(invalidation, tags);
        }
        for (Cached one : EXAMPLE) {
            boolean stays = invalidation == null || stays(one, invalidation);
            table.row(List.of(kind(one), vpid(one), pcid(one), root(one), page(one), stays ? "stays" : "goes"));
        }
        return table;
    }

    private boolean stays(Cached one, Invalidation invalidation) {
        return switch (one.kind) {
            case TRANSLATION -> {
                enter(one);
                yield tlb.lookup(Tlb.DATA_SIDE, one.page) != Translation.NONE;
            }
            case STRUCTURE ->
                !invalidation.structureTags(tags)[tags.of(one.vpid, one.pcid, one.root)]
                        || invalidation.isOfStructuresOfOneAddress() && one.page != invalidation.gva();
            case GUEST_PHYSICAL ->
                !invalidation.guestPhysicalTags(tags)[tags.ofGuestPhysical(one.root)]
                        || invalidation.isOfOneGuestPhysicalAddress() && one.page != invalidation.gpa();
        };
    }

    /** Into the address space that only this entry is of: global entries are found under no PCID but their own. */
    private void enter(Cached one) {
        int global = tags.of(one.vpid, ANY_PCID, one.root);
        int plain = one.isGlobal() ? tags.of(one.vpid, 7, one.root) : tags.of(one.vpid, one.pcid, one.root);
        tlb.enter(plain, one.isGlobal() ? global : tags.of(one.vpid + 8, ANY_PCID, one.root));
    }

    private static String kind(Cached one) {
        return switch (one.kind) {
            case TRANSLATION ->
                (one.root == NONE ? "linear" : "combined") + (one.isGlobal() ? " translation, global" : " translation");
            case STRUCTURE -> "paging-structure entry";
            case GUEST_PHYSICAL -> "guest-physical mapping";
        };
    }

    private static String vpid(Cached one) {
        return one.kind == Kind.GUEST_PHYSICAL ? "-" : Integer.toString(one.vpid);
    }

    private static String pcid(Cached one) {
        return one.kind == Kind.GUEST_PHYSICAL ? "-" : one.isGlobal() ? "any" : Integer.toString(one.pcid);
    }

    private static String root(Cached one) {
        return one.root == NONE ? "-" : one.root == ROOT_E ? "E" : "F";
    }

    private static String page(Cached one) {
        return one.page == PAGE_A ? "a" : one.page == PAGE_G ? "g" : "another";
    }
}

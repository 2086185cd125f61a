package hvsim.ept;

import hvsim.tlb.PageSize;
import hvsim.tlb.TlbTag;

/** A small guest behind a second stage, for tests: frames are handed out in order, flags are set. */
final class TwoStages {
    static final Registers REGISTERS = Registers.of(PagingMode.FOUR_LEVEL);
    static final GuestPaging LONG = REGISTERS.paging();
    static final long[] NO_PDPTES = new long[4];

    private static final long MACHINE_BYTES = 1L << 46;
    private static final long GUEST_BASE_HPA = 1L << 44;
    static final long EPT_ROOT = 1L << 43;
    private static final long ROOT_GPA = 0;

    final PhysicalMemory memory = new PhysicalMemory(MACHINE_BYTES);
    final TlbTag tags = new TlbTag();
    final WalkCaches caches;
    final NestedWalker walker;
    final PageTable ept;
    final PageTable guest;
    private final PageSize hostPage;
    private final GuestPaging paging;
    private long nextEptFrame = EPT_ROOT + 0x1000;
    private long nextGpa = 0x1000;

    TwoStages(WalkSpec spec, PageSize hostPage) {
        this(spec, 4, hostPage, 4);
    }

    TwoStages(WalkSpec spec, int guestLevels, PageSize hostPage, int hostLevels) {
        this.hostPage = hostPage;
        paging = guestLevels == 4 ? LONG : new GuestPaging(PagingMode.FIVE_LEVEL, true, false, true);
        ept = PageTable.ofSecondStage(memory, EPT_ROOT, hostLevels);
        guest = PageTable.ofGuest(memory, ROOT_GPA, TableLayout.ofLevels(guestLevels), ept);
        caches = new WalkCaches(spec);
        walker = new NestedWalker(memory, caches);
        back(ROOT_GPA);
        enter(1, 0, EPT_ROOT);
    }

    /** The same root tables under other tags; without a second stage walks are native. */
    void enter(int vpid, int pcid, long ep4ta) {
        if (ep4ta == TlbTag.NO_EP4TA) {
            walker.enterNative(paging, ROOT_GPA, TwoStages.NO_PDPTES, tags.of(vpid, pcid, ep4ta));
        } else {
            walker.enterNested(
                    paging,
                    ROOT_GPA,
                    TwoStages.NO_PDPTES,
                    tags.of(vpid, pcid, ep4ta),
                    EptPointer.pack(ep4ta, ept.levels(), false),
                    false,
                    tags.ofGuestPhysical(ep4ta));
        }
    }

    /** EPTP bit 6. */
    void keepAccessedAndDirty() {
        walker.enterNested(
                paging,
                ROOT_GPA,
                TwoStages.NO_PDPTES,
                tags.of(1, 0, EPT_ROOT),
                EptPointer.pack(EPT_ROOT, ept.levels(), true),
                false,
                tags.ofGuestPhysical(EPT_ROOT));
    }

    long gpa(long gva) {
        return guest.translate(gva);
    }

    void map(long gva, PageSize page) {
        for (int level = guest.missingTable(gva, page); level != 0; level = guest.missingTable(gva, page)) {
            guest.link(gva, level, allocate(PageSize.SIZE_4K), true);
        }
        long gpa = allocate(page);
        back(gpa | gva & page.bytes() - 1);
        guest.setLeaf(
                gva,
                page,
                GuestEntry.leaf(
                        gpa, page, GuestEntry.USER | GuestEntry.WRITE | GuestEntry.ACCESSED | GuestEntry.DIRTY));
    }

    long expectedHpa(long gva) {
        return GUEST_BASE_HPA + guest.translate(gva);
    }

    Walk walk(long gva, Access access) {
        Walk walk = new Walk();
        walker.walk(gva, access.kind(), access.rights(REGISTERS), walk);
        return walk;
    }

    WalkStats stats() {
        return walker.stats();
    }

    private long allocate(PageSize size) {
        long gpa = nextGpa + size.bytes() - 1 & -size.bytes();
        nextGpa = gpa + size.bytes();
        back(gpa);
        return gpa;
    }

    private void back(long gpa) {
        for (int level = ept.missingTable(gpa, hostPage); level != 0; level = ept.missingTable(gpa, hostPage)) {
            ept.link(gpa, level, nextEptFrame, false);
            nextEptFrame += 0x1000;
        }
        long page = gpa & -hostPage.bytes();
        ept.setLeaf(gpa, hostPage, EptEntry.leaf(GUEST_BASE_HPA + page, hostPage, EptEntry.RIGHTS));
    }
}

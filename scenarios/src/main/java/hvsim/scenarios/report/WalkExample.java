package hvsim.scenarios.report;

import hvsim.ept.AccessRights;
import hvsim.ept.EptEntry;
import hvsim.ept.EptPointer;
import hvsim.ept.GuestEntry;
import hvsim.ept.GuestPaging;
import hvsim.ept.NestedWalker;
import hvsim.ept.PageTable;
import hvsim.ept.PagingCapability;
import hvsim.ept.PagingMode;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.Walk;
import hvsim.ept.WalkCaches;
import hvsim.ept.WalkJournal;
import hvsim.ept.WalkJournal.Step;
import hvsim.ept.WalkSpec;
import hvsim.ept.WalkSpec.StructureCache;
import hvsim.tlb.AccessKind;
import hvsim.tlb.PageSize;
import hvsim.tlb.TlbTag;
import java.util.List;
import java.util.Set;

/** One page behind tables of both stages in a small machine, walked by the model's own walker. */
final class WalkExample {
    private static final GuestPaging PAGING = new GuestPaging(PagingMode.FOUR_LEVEL, true, false, true);

    private static final long GVA = 0x7F12_3456_7000L;
    private static final long MACHINE_BYTES = 1L << 40;
    private static final long EPT_ROOT_HPA = 0x1000;
    private static final long GUEST_BASE_HPA = 1L << 38;
    private static final long GUEST_ROOT_GPA = 0x1000;
    private static final long PAGE_FLAGS = GuestEntry.USER | GuestEntry.WRITE | GuestEntry.ACCESSED | GuestEntry.DIRTY;

    private final PhysicalMemory memory = new PhysicalMemory(MACHINE_BYTES);
    private final PageTable ept = PageTable.ofSecondStage(memory, EPT_ROOT_HPA);
    private final PageTable guest;
    private final PageSize hostPage;
    private long nextEptHpa = EPT_ROOT_HPA + 0x1000;
    private long nextGpa = GUEST_ROOT_GPA + 0x1000;

    private WalkExample(PageSize guestPage, PageSize hostPage, boolean nested) {
        this.hostPage = hostPage;
        guest = nested ? PageTable.ofGuest(memory, GUEST_ROOT_GPA, ept) : PageTable.ofMachine(memory, GUEST_ROOT_GPA);
        back(GUEST_ROOT_GPA);
        for (int level = guest.missingTable(GVA, guestPage); level != 0; level = guest.missingTable(GVA, guestPage)) {
            guest.link(GVA, level, allocate(PageSize.SIZE_4K), true);
        }
        long gpa = allocate(guestPage);
        back(gpa | GVA & guestPage.bytes() - 1);
        guest.setLeaf(GVA, guestPage, GuestEntry.leaf(gpa, guestPage, PAGE_FLAGS));
    }

    /**
     * The steps of a walk for a read.
     *
     * @param cached structures that remember an earlier walk to the same page: pml4e, pdpte and pde of the guest's
     *     paging-structure cache, nested_tlb
     */
    static List<Step> steps(PageSize guestPage, PageSize hostPage, Set<String> cached, boolean nested) {
        WalkExample example = new WalkExample(guestPage, hostPage, nested);
        StructureCache guestCache = new StructureCache(
                cached.contains("pml4e") ? 1 : 0, cached.contains("pdpte") ? 1 : 0, cached.contains("pde") ? 1 : 0);
        WalkCaches caches = new WalkCaches(
                new WalkSpec(guestCache, WalkSpec.UNCACHED.secondStageCache(), cached.contains("nested_tlb") ? 8 : 0));
        example.walked(caches, nested);
        return example.walked(caches, nested);
    }

    private List<Step> walked(WalkCaches caches, boolean nested) {
        WalkJournal journal = WalkJournal.writing();
        NestedWalker walker = new NestedWalker(memory, caches, PagingCapability.ALL, journal);
        AccessRights rights = new AccessRights();
        rights.set(true, 0, 0, 0, 0, 0);
        TlbTag tags = new TlbTag();
        if (nested) {
            int tag = tags.of(1, 0, EPT_ROOT_HPA);
            long eptp = EptPointer.pack(EPT_ROOT_HPA, 4, false);
            int eptTag = tags.ofGuestPhysical(EPT_ROOT_HPA);
            walker.enterNested(PAGING, GUEST_ROOT_GPA, new long[4], tag, eptp, false, eptTag);
        } else {
            walker.enterNative(PAGING, GUEST_ROOT_GPA, new long[4], tags.of(0, 0, TlbTag.NO_EP4TA));
        }
        if (!walker.walk(GVA, AccessKind.READ, rights, new Walk())) {
            throw new IllegalStateException("the example's page is not mapped");
        }
        return journal.steps();
    }

    static long gva() {
        return GVA;
    }

    private long allocate(PageSize size) {
        long gpa = nextGpa + size.bytes() - 1 & -size.bytes();
        nextGpa = gpa + size.bytes();
        back(gpa);
        return gpa;
    }

    private void back(long gpa) {
        for (int level = ept.missingTable(gpa, hostPage); level != 0; level = ept.missingTable(gpa, hostPage)) {
            ept.link(gpa, level, nextEptHpa, false);
            nextEptHpa += 0x1000;
        }
        long page = gpa & -hostPage.bytes();
        ept.setLeaf(gpa, hostPage, EptEntry.leaf(GUEST_BASE_HPA + page, hostPage, EptEntry.RIGHTS));
    }
}

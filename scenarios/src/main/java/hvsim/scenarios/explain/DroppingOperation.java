package hvsim.scenarios.explain;

import hvsim.tlb.Invalidation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An operation, and what it must drop of what is cached; in the example of {@link InvalidationSheet}.
 *
 * @param word that asks for it
 * @param form which form of the operation
 * @param row its row of the table of what is dropped
 * @param invalidation null where nothing has to go
 */
record DroppingOperation(
        String word, String form, String row, @Nullable Invalidation invalidation) {
    static List<DroppingOperation> find(String word) {
        String normal = Words.normal(word);
        return Table.ALL.stream()
                .filter(one -> Words.normal(one.word).equals(normal))
                .toList();
    }

    static Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        Table.ALL.forEach(one -> names.add(one.word));
        return names;
    }

    /** Current are VPID 1, PCID 2 and the EPT root E; a is page 7000H, which leads to guest-physical page g. */
    private static final class Table {
        static final int VPID = InvalidationSheet.VPID;
        static final int PCID = InvalidationSheet.PCID;
        static final long A = InvalidationSheet.PAGE_A;
        static final long G = InvalidationSheet.PAGE_G;
        static final long E = InvalidationSheet.ROOT_E;
        static final List<DroppingOperation> ALL = new ArrayList<>();

        private static void add(String word, String form, String row, @Nullable Invalidation invalidation) {
            ALL.add(new DroppingOperation(word, form, row, invalidation));
        }

        private static void addInstructions() {
            add(
                    "invlpg",
                    "INVLPG a",
                    "the page's entries of the current PCID and the global ones; all paging-structure entries",
                    Invalidation.invlpg(VPID, PCID, A));
            add(
                    "invpcid",
                    "INVPCID type 0, address a and PCID 2",
                    "the page's entries of that PCID, not global ones; paging-structure entries used for it",
                    Invalidation.invpcidAddress(VPID, PCID, A));
            add(
                    "invpcid",
                    "INVPCID type 1, PCID 2",
                    "everything of that PCID but global entries",
                    Invalidation.invpcidContext(VPID, PCID));
            add(
                    "invpcid",
                    "INVPCID type 2",
                    "everything of every PCID, global entries too",
                    Invalidation.invpcidAllWithGlobals(VPID));
            add(
                    "invpcid",
                    "INVPCID type 3",
                    "everything of every PCID but global entries",
                    Invalidation.invpcidAll(VPID));
            add(
                    "invvpid",
                    "INVVPID type 0, VPID 1 and address a",
                    "the page's entries of that VPID, global ones too",
                    Invalidation.invvpidAddress(VPID, A));
            add("invvpid", "INVVPID type 1, VPID 1", "everything of that VPID", Invalidation.invvpidContext(VPID));
            add("invvpid", "INVVPID type 2", "everything of all VPIDs but 0", Invalidation.invvpidAll());
            add(
                    "invvpid",
                    "INVVPID type 3, VPID 1",
                    "everything of that VPID but global entries",
                    Invalidation.invvpidContextButGlobals(VPID));
            add(
                    "invept",
                    "INVEPT type 1, EPTP with root E",
                    "combined and guest-physical mappings under that root",
                    Invalidation.inveptContext(E));
            add("invept", "INVEPT type 2", "all combined and guest-physical mappings", Invalidation.inveptAll());
        }

        private static void addRegisters() {
            add(
                    "mov_to_cr3",
                    "MOV to CR3 with CR4.PCIDE, PCID 2, bit 63 of the source 0",
                    "everything of that PCID but global entries",
                    Invalidation.movCr3(VPID, PCID));
            add("mov_to_cr3", "MOV to CR3 with CR4.PCIDE, bit 63 of the source 1", "nothing", null);
            add(
                    "mov_to_cr4",
                    "MOV to CR4 that changes PGE, or clears PCIDE",
                    "everything of the current VPID",
                    Invalidation.controlRegister(VPID));
            add(
                    "mov_to_cr4",
                    "MOV to CR4 that changes PAE, or sets SMEP",
                    "everything of the current PCID, global entries too",
                    Invalidation.controlRegister(VPID, PCID));
            add("mov_to_cr4", "MOV to CR4 that changes other bits", "nothing", null);
            add(
                    "mov_to_cr0",
                    "MOV to CR0 that clears PG",
                    "everything of the current VPID",
                    Invalidation.controlRegister(VPID));
            add("mov_to_cr0", "MOV to CR0 that changes other bits", "nothing", null);
        }

        private static void addEvents() {
            add(
                    "page_fault",
                    "page fault at a",
                    "the page's entries of the current PCID; paging-structure entries used for it",
                    Invalidation.pageFault(VPID, PCID, A));
            add(
                    "ept_violation",
                    "EPT violation at g while translating a",
                    "combined mappings used for a, guest-physical ones used for g, of the current tags",
                    Invalidation.eptViolation(VPID, PCID, E, A, G));
            add("ept_misconfiguration", "EPT misconfiguration", "nothing: malformed entries are never cached", null);
            add(
                    "vm_entry",
                    "VM entry without VPIDs",
                    "all linear and combined mappings of VPID 0",
                    Invalidation.transitionWithoutVpid());
            add("vm_entry", "VM entry with VPIDs", "nothing", null);
            add(
                    "vm_exit",
                    "VM exit without VPIDs",
                    "all linear and combined mappings of VPID 0",
                    Invalidation.transitionWithoutVpid());
            add("vm_exit", "VM exit with VPIDs", "nothing", null);
            add(
                    "vmfunc",
                    "EPTP switching without VPIDs",
                    "all combined mappings of VPID 0",
                    Invalidation.eptpSwitchWithoutVpid());
            add("vmfunc", "EPTP switching with VPIDs", "nothing: another tag is looked for", null);
            for (String word : List.of("vmxon", "vmxoff", "vmptrld", "vmclear")) {
                add(word, word.toUpperCase(java.util.Locale.ROOT), "nothing", null);
            }
            add("table_write", "write to a table entry in memory", "nothing: software has to invalidate", null);
            add("reset", "power-up or reset", "everything", Invalidation.reset());
        }

        static {
            addInstructions();
            addRegisters();
            addEvents();
        }
    }
}

package hvsim.vmm.memory.direct;

import java.util.List;

/** What a machine frame may be used for while it has references of that kind. */
public enum FrameType {
    /** Nothing in particular. */
    NONE(0),
    L1_TABLE(1),
    L2_TABLE(2),
    L3_TABLE(3),
    L4_TABLE(4),
    /** Segment descriptors. */
    DESCRIPTORS(5),
    /** Mapped for writing. */
    WRITABLE(7),
    /** Under PAE paging, of the last GiB: it has the hypervisor's entries. Xen's PGT_pae_xen_l2. */
    TOP_L2_TABLE(2);

    private static final List<FrameType> ALL = List.of(values());

    private final int number;

    FrameType(int number) {
        this.number = number;
    }

    /** As Xen has it, without flags: PGT_l1_page_table and so on. */
    public int number() {
        return number;
    }

    static FrameType byOrdinal(int ordinal) {
        return ALL.get(ordinal);
    }

    static FrameType ofTable(int level) {
        return ALL.get(level);
    }

    boolean isTable() {
        return L1_TABLE.number <= number && number <= L4_TABLE.number;
    }

    /** Of a table. */
    int level() {
        return number;
    }
}

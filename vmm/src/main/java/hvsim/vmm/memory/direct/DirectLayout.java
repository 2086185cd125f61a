package hvsim.vmm.memory.direct;

import hvsim.ept.GuestEntry;
import hvsim.ept.TableLayout;

/**
 * The kinds of tables that a guest can register, by where its kernel runs.
 *
 * <pre>
 *                            FOUR_LEVEL: at CPL 3, as its users      PAE: at CPL 1, which U/S counts as supervisor
 *   root                     L4_TABLE                                L3_TABLE, of 4 entries
 *   has the hypervisor's     the root itself                         the directory of its last entry
 *   roots of a process       two, one without the kernel's pages     one
 *   pages                    all the user's; the kernel's marked     as the guest has them
 *   global pages             the user's, for the change of roots     none
 * </pre>
 *
 * As Xen for x86-64, and for x86-32 with PAE.
 */
public enum DirectLayout {
    FOUR_LEVEL(TableLayout.FOUR_LEVEL, FrameType.L4_TABLE, FrameType.L4_TABLE) {
        @Override
        long adjusted(long entry, int level) {
            return DirectEntry.atUserLevel(entry, level);
        }

        @Override
        long asked(long entry) {
            return DirectEntry.askedAtUserLevel(entry);
        }

        @Override
        FrameType below(int level, int index) {
            return FrameType.ofTable(level - 1);
        }

        @Override
        boolean isReserved(long entry, int level) {
            return false;
        }
    },
    PAE(TableLayout.PAE, FrameType.L3_TABLE, FrameType.TOP_L2_TABLE) {
        @Override
        long adjusted(long entry, int level) {
            return level == 1 && GuestEntry.isPresent(entry) ? entry & ~GuestEntry.GLOBAL : entry;
        }

        @Override
        long asked(long entry) {
            return entry;
        }

        @Override
        FrameType below(int level, int index) {
            boolean isTop = level == tables().levels() && index == tables().entries(level) - 1;
            return isTop ? FrameType.TOP_L2_TABLE : FrameType.ofTable(level - 1);
        }

        /** The processor loads no register with such an entry (SDM vol. 3, 4.4.1): it would be the hypervisor's fault. */
        @Override
        boolean isReserved(long entry, int level) {
            return level == tables().levels() && (entry & RESERVED_OF_PDPTE) != 0;
        }
    };

    /** Bits 2:1, 8:5 and 63:52. */
    private static final long RESERVED_OF_PDPTE = 0xFFF0_0000_0000_01E6L;

    private final TableLayout tables;
    private final FrameType root;
    private final FrameType resident;

    DirectLayout(TableLayout tables, FrameType root, FrameType resident) {
        this.tables = tables;
        this.root = root;
        this.resident = resident;
    }

    /** @throws IllegalArgumentException if no guest can register such tables */
    public static DirectLayout of(TableLayout tables) {
        return switch (tables) {
            case FOUR_LEVEL -> FOUR_LEVEL;
            case PAE -> PAE;
            case TWO_LEVEL, FIVE_LEVEL ->
                throw new IllegalArgumentException(
                        "tables are registered with " + "4 levels, or under PAE paging, and not " + tables);
        };
    }

    public TableLayout tables() {
        return tables;
    }

    /** What a root table is. */
    FrameType root() {
        return root;
    }

    /** Tables of that type have the hypervisor's entries. */
    FrameType resident() {
        return resident;
    }

    /** Whether an address space has a second root, for the user. */
    public boolean hasUserRoots() {
        return this == FOUR_LEVEL;
    }

    /** Whether the processor keeps a root's entries in registers while it uses that. */
    boolean keepsRootEntries() {
        return this == PAE;
    }

    /** Entries of a table. */
    int entries(FrameType table) {
        return tables.entries(table.level());
    }

    /** An entry as the hypervisor writes it, of a table of {@code level}. */
    abstract long adjusted(long entry, int level);

    /** What the guest asked for, of an entry in a table of level 1. */
    abstract long asked(long entry);

    /** What the table is that an entry leads to, of a table of {@code level} above 1. */
    abstract FrameType below(int level, int index);

    /** Whether a bit is set that no entry that is present may have. */
    abstract boolean isReserved(long entry, int level);
}

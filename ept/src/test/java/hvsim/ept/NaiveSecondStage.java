package hvsim.ept;

import static hvsim.ept.NaiveFormat.bits;
import static hvsim.ept.NaiveFormat.has;

import java.util.ArrayList;
import java.util.List;

/**
 * The oracle of the second stage: recursive, without caches, in the order and with the bits of SDM vol. 3
 * (325384-059US), 28.2; what is younger than that edition (5 levels, mode-based execution, advanced information) as in
 * later ones.
 */
final class NaiveSecondStage {
    static final long READ = 1;
    static final long WRITE = 1 << 1;
    static final long EXECUTE = 1 << 2;

    /** Execution at user-mode linear addresses, where execution is mode-based; bit 10 of an entry, here next to X. */
    static final long USER_EXECUTE = 1 << 3;

    /**
     * Address bits 51:48 under 4 levels of tables, which translate bits 47:0: a violation before any entry is read,
     * with no rights (recalled: no public text says it); as no entry has its bit 63 clear, it stays an exit.
     */
    private static final int BITS_OF_4_LEVELS = 48;

    private static final int LAST_LOG_INDEX = 511;

    /** What an access is for: bits 7 and 8 of the exit qualification (28.2.3.2, table 27-7). */
    enum Purpose {
        /** The page that a linear address translates to. */
        TRANSLATION(1 << 7 | 1 << 8),
        /** An entry of the guest's tables, read or (to set its flags) written. */
        GUEST_ENTRY(1 << 7),
        /** The four PDPTEs that MOV to CR loads: no linear address. */
        PDPTE_LOAD(0);

        final long qualification;

        Purpose(long qualification) {
            this.qualification = qualification;
        }
    }

    /** What the guest's tables say of the linear address; with paging off it is a user's, writable and executable. */
    record LinearAddress(boolean user, boolean write, boolean executeDisable) {
        static final LinearAddress UNPAGED = new LinearAddress(true, true, false);
    }

    /** {@code hpa} of the very byte; {@code shift} of the page that maps it; {@code dirty}: set, or not kept. */
    record Found(long hpa, int shift, long rights, boolean dirty) {}

    private final NaiveMemory memory;
    private final PagingCapability can;
    private final long eptp;
    private final boolean modeBasedExecute;
    private final NaiveLog log;
    int references;

    NaiveSecondStage(NaiveMemory memory, PagingCapability can, long eptp, boolean modeBasedExecute, NaiveLog log) {
        this.memory = memory;
        this.can = can;
        this.eptp = eptp;
        this.modeBasedExecute = modeBasedExecute;
        this.log = log;
    }

    /** EPTP bit 6. */
    boolean keepsAccessedDirty() {
        return has(eptp, 6);
    }

    private boolean can(long capability) {
        return (can.eptVpidCap() & capability) != 0;
    }

    /** 28.2.2; {@code asked} are the rights that the access needs, and bits 2:0 of its qualification. */
    Found translate(long gpa, long asked, Purpose purpose, LinearAddress address) {
        int levels = (int) (eptp >>> 3 & 7) + 1;
        Use use = new Use(gpa, asked, purpose, address);
        if (levels == 4 && gpa >>> BITS_OF_4_LEVELS != 0) {
            throw use.violation(0, true);
        }
        return descend(use, levels, eptp & bits(51, 12), READ | WRITE | EXECUTE | USER_EXECUTE, List.of());
    }

    /** One access to a guest-physical address. */
    private final class Use {
        final long gpa;
        final long asked;
        final Purpose purpose;
        final LinearAddress address;

        Use(long gpa, long asked, Purpose purpose, LinearAddress address) {
            this.gpa = gpa;
            this.asked = asked;
            this.purpose = purpose;
            this.address = address;
        }

        /** 28.2.3.2; later editions: a fetch from a user-mode linear address needs bit 10 if execution is mode-based. */
        boolean isAllowedBy(long rights) {
            long needed = asked & (READ | WRITE);
            if ((asked & EXECUTE) != 0) {
                needed |= modeBasedExecute && address.user() ? USER_EXECUTE : EXECUTE;
            }
            return (needed & ~rights) == 0;
        }

        /** Table 27-7; bits 11:9 with the capability of advanced information. */
        NaiveStop violation(long rights, boolean suppressesVe) {
            long shown = modeBasedExecute ? rights : rights & ~USER_EXECUTE;
            return NaiveStop.violation(gpa, asked | shown << 3 | purpose.qualification | advanced(), !suppressesVe);
        }

        private long advanced() {
            if (purpose != Purpose.TRANSLATION || !can(EptVpidCapability.ADVANCED_VIOLATION_INFORMATION)) {
                return 0;
            }
            return (address.user() ? 1 << 9 : 0)
                    | (address.write() ? 1 << 10 : 0)
                    | (address.executeDisable() ? 1 << 11 : 0);
        }
    }

    /** 28.2.3: at each level not present before misconfigured, and only after the leaf the rights of all of them. */
    private Found descend(Use use, int level, long table, long rightsAbove, List<Long> above) {
        int shift = 12 + 9 * (level - 1);
        long at = table + (use.gpa >>> shift & 511) * 8;
        long e = memory.read(at);
        references++;
        if (isNotPresent(e)) {
            throw use.violation(0, has(e, 63));
        }
        boolean leaf = level == 1 || level <= 3 && has(e, 7);
        if (isMisconfigured(e, level, leaf)) {
            throw NaiveStop.misconfiguration(use.gpa);
        }
        long rights = rightsAbove & rights(e);
        List<Long> path = new ArrayList<>(above);
        path.add(at);
        if (!leaf) {
            return descend(use, level - 1, e & bits(51, 12), rights, path);
        }
        if (!use.isAllowedBy(rights)) {
            throw use.violation(rights, has(e, 63));
        }
        if (keepsAccessedDirty()) {
            setFlags(path, (use.asked & WRITE) != 0, use.gpa);
        }
        boolean dirty = !keepsAccessedDirty() || has(memory.read(at), 9);
        return new Found(e & bits(51, shift) | use.gpa & bits(shift - 1, 0), shift, rights, dirty);
    }

    private boolean isNotPresent(long e) {
        return (e & 7) == 0 && !(modeBasedExecute && has(e, 10));
    }

    private static long rights(long e) {
        return e & 7 | (has(e, 10) ? USER_EXECUTE : 0);
    }

    /** 28.2.3.1. */
    private boolean isMisconfigured(long e, int level, boolean leaf) {
        if (has(e, 1) && !has(e, 0)) {
            return true;
        }
        boolean executable = has(e, 2) || modeBasedExecute && has(e, 10);
        if (!has(e, 0) && executable && !can(EptVpidCapability.EXECUTE_ONLY)) {
            return true;
        }
        return (e & reserved(level, leaf)) != 0 || leaf && isIllegalType(e >>> 3 & 7);
    }

    private long reserved(int level, boolean leaf) {
        return bits(51, can.physicalAddressBits())
                | switch (level) {
                    case 1 -> 0;
                    case 2 -> largeOrTable(leaf, 20, EptVpidCapability.PAGES_2M);
                    case 3 -> largeOrTable(leaf, 29, EptVpidCapability.PAGES_1G);
                    default -> bits(7, 3);
                };
    }

    private long largeOrTable(boolean leaf, int highestOffsetBit, long capability) {
        if (!leaf) {
            return bits(6, 3);
        }
        return can(capability) ? bits(highestOffsetBit, 12) : 1 << 7;
    }

    private static boolean isIllegalType(long type) {
        return type == 2 || type == 3 || type == 7;
    }

    /** 28.2.4 and 28.2.5: no flag is set, and nothing is accessed, while the log has no room. */
    private void setFlags(List<Long> path, boolean write, long gpa) {
        long leaf = path.get(path.size() - 1);
        boolean dirties = write && !has(memory.read(leaf), 9);
        if (log.isKept()
                && log.index > LAST_LOG_INDEX
                && (dirties || path.stream().anyMatch(this::isNotAccessed))) {
            throw NaiveStop.logFull();
        }
        path.forEach(at -> memory.write(at, memory.read(at) | 1 << 8));
        if (dirties) {
            memory.write(leaf, memory.read(leaf) | 1 << 9);
            log.add(memory, gpa);
        }
    }

    private boolean isNotAccessed(long at) {
        return !has(memory.read(at), 8);
    }
}

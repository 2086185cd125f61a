package hvsim.ept;

import java.util.Map;

/**
 * The oracle of {@link NestedWalker}: recursive, without caches, in the order and with the bits of SDM vol. 3
 * (325384-059US), 4.5 to 4.8 and 28.2, on entries in a map. Widths: addresses of 46 bits, EFER.NXE and CR4.PGE set,
 * execute-only second-stage mappings supported.
 */
final class NaiveWalker {
    private static final long ABOVE_46_BITS = 0x000F_C000_0000_0000L;
    private static final long TABLE = 0x000F_FFFF_FFFF_F000L;

    /** Ends a walk early; it carries all that is known then. */
    static final class Stop extends RuntimeException {
        final WalkOutcome outcome;
        final int errorCode;
        final long gpa;
        final long qualification;

        private Stop(WalkOutcome outcome, int errorCode, long gpa, long qualification) {
            super(outcome.name(), null, false, false);
            this.outcome = outcome;
            this.errorCode = errorCode;
            this.gpa = gpa;
            this.qualification = qualification;
        }
    }

    /** {@code hpa} of the very byte; {@code levelOfLeaf} of the page that maps it; {@code rights} R, W, X. */
    record Second(long hpa, int levelOfLeaf, long rights, boolean dirty) {}

    record First(
            long hpa,
            int guestLevel,
            int hostLevel,
            boolean user,
            boolean write,
            boolean execute,
            boolean dirty,
            boolean global,
            Second host) {}

    private final Map<Long, Long> memory;
    private final long cr3;

    /** -1: no second stage. */
    private final long eptRoot;

    private final boolean accessedDirty;
    int guestReferences;
    int secondStageReferences;

    NaiveWalker(Map<Long, Long> memory, long cr3, long eptRoot, boolean accessedDirty) {
        this.memory = memory;
        this.cr3 = cr3;
        this.eptRoot = eptRoot;
        this.accessedDirty = accessedDirty;
    }

    First walk(long gva, Access access) {
        guestReferences = 0;
        secondStageReferences = 0;
        long sign = gva >>> 47 & 0x3FF;
        if (sign != 0 && sign != 0x3FF) {
            throw new Stop(WalkOutcome.NON_CANONICAL, 0, 0, 0);
        }
        return guest(gva, 4, cr3, true, true, true, access, () -> {});
    }

    private First guest(
            long gva,
            int level,
            long table,
            boolean user,
            boolean write,
            boolean execute,
            Access access,
            Runnable flagsAbove) {
        long gpa = table + (gva >>> 12 + 9 * (level - 1) & 511) * 8;
        Second host = second(gpa, true, accessedDirty, false, 1 << 7);
        long e = memory.getOrDefault(host.hpa(), 0L);
        guestReferences++;
        if ((e & 1) == 0) {
            throw pageFault(access.fault());
        }
        boolean leaf = level == 1 || level < 4 && (e & 1 << 7) != 0;
        if ((e & guestReserved(level, leaf)) != 0) {
            throw pageFault(access.fault() | 1 | 8);
        }
        boolean u = user && (e & 4) != 0;
        boolean w = write && (e & 2) != 0;
        boolean x = execute && e >>> 63 == 0;
        Runnable flags = () -> {
            flagsAbove.run();
            setFlags(gpa, host, 1 << 5 | (leaf && access.write() ? 1 << 6 : 0));
        };
        if (!leaf) {
            return guest(gva, level - 1, e & TABLE, u, w, x, access, flags);
        }
        if (!allowed(access, u, w, x)) {
            throw pageFault(access.fault() | 1);
        }
        flags.run();
        long page = (1L << 12 + 9 * (level - 1)) - 1;
        Second data = second(
                e & TABLE & ~page | gva & page, access.read(), access.write(), access.fetch(), ofTranslation(u, w, x));
        boolean dirty = (memory.get(host.hpa()) & 1 << 6) != 0;
        return new First(data.hpa(), level, data.levelOfLeaf(), u, w, x, dirty, (e & 1 << 8) != 0, data);
    }

    /** Bits 7 and 8, and what the guest's tables say of the address. */
    private static long ofTranslation(boolean user, boolean write, boolean execute) {
        return 3L << 7 | (user ? 1L << 9 : 0) | (write ? 1L << 10 : 0) | (execute ? 0 : 1L << 11);
    }

    private static boolean allowed(Access access, boolean u, boolean w, boolean x) {
        if (access.user() && !u || !access.user() && access.keepOffUserPages() && u) {
            return false;
        }
        if (access.write() && !w && (access.user() || access.writeProtect())) {
            return false;
        }
        return !access.fetch() || x;
    }

    private static long guestReserved(int level, boolean leaf) {
        return ABOVE_46_BITS
                | switch (level) {
                    case 4 -> 1 << 7;
                    case 3 -> leaf ? bits(29, 13) : 0;
                    case 2 -> leaf ? bits(20, 13) : 0;
                    default -> 0;
                };
    }

    /** A write of flags is a write by the processor, even without accessed and dirty flags in the second stage. */
    private void setFlags(long gpa, Second host, long flags) {
        long e = memory.get(host.hpa());
        if ((e & flags) == flags) {
            return;
        }
        if ((host.rights() & 2) == 0) {
            second(gpa, true, true, false, 1 << 7);
        }
        memory.put(host.hpa(), e | flags);
    }

    private Second second(long gpa, boolean read, boolean write, boolean fetch, long origin) {
        if (eptRoot < 0) {
            return new Second(gpa, 3, 7, true);
        }
        long asked = (read ? 1 : 0) | (write ? 2 : 0) | (fetch ? 4 : 0);
        long[] path = new long[5];
        long rights = 7;
        long table = eptRoot;
        for (int level = 4; ; level--) {
            path[level] = table + (gpa >>> 12 + 9 * (level - 1) & 511) * 8;
            long e = memory.getOrDefault(path[level], 0L);
            secondStageReferences++;
            if ((e & 7) == 0) {
                throw new Stop(WalkOutcome.EPT_VIOLATION, 0, gpa, origin | asked);
            }
            boolean leaf = level == 1 || level < 4 && (e & 1 << 7) != 0;
            if (misconfigured(e, level, leaf)) {
                throw new Stop(WalkOutcome.EPT_MISCONFIGURATION, 0, gpa, 0);
            }
            rights &= e;
            if (leaf) {
                if ((asked & ~rights) != 0) {
                    throw new Stop(WalkOutcome.EPT_VIOLATION, 0, gpa, origin | asked | rights << 3);
                }
                return found(gpa, path, level, rights, write);
            }
            table = e & TABLE;
        }
    }

    private Second found(long gpa, long[] path, int leafLevel, long rights, boolean write) {
        if (accessedDirty) {
            for (int level = 4; level >= leafLevel; level--) {
                memory.merge(path[level], level == leafLevel && write ? 3L << 8 : 1L << 8, (e, flags) -> e | flags);
            }
        }
        long leaf = memory.get(path[leafLevel]);
        long page = (1L << 12 + 9 * (leafLevel - 1)) - 1;
        return new Second(leaf & TABLE & ~page | gpa & page, leafLevel, rights, !accessedDirty || (leaf & 1 << 9) != 0);
    }

    private static boolean misconfigured(long e, int level, boolean leaf) {
        long type = e >>> 3 & 7;
        long reserved = ABOVE_46_BITS
                | switch (level) {
                    case 4 -> bits(7, 3);
                    case 3 -> leaf ? bits(29, 12) : bits(6, 3);
                    case 2 -> leaf ? bits(20, 12) : bits(6, 3);
                    default -> 0;
                };
        return (e & 3) == 2 || (e & reserved) != 0 || leaf && (type == 2 || type == 3 || type == 7);
    }

    private static long bits(int high, int low) {
        return (1L << high + 1) - (1L << low);
    }

    private static Stop pageFault(int errorCode) {
        return new Stop(WalkOutcome.PAGE_FAULT, errorCode, 0, 0);
    }
}

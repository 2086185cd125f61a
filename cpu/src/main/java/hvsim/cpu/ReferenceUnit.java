package hvsim.cpu;

import hvsim.tlb.Front;
import hvsim.tlb.Tlb;

/**
 * Executes memory references: {@link #scan} is the common case, and the only code of the simulator that runs for
 * every one of them.
 */
final class ReferenceUnit {
    private static final int PAGE_BYTES = 4096;
    private static final int GVA_TOP = 64 - GuestOp.SIZE_SHIFT;

    /** Keeps sums of operations and places within an int. */
    private static final long MOST_AT_ONCE = 1 << 30;

    private final Core core;
    private final Mmu mmu;
    private final CoreMode mode;
    private final PageWalkers walkers;
    private final boolean holdsData;
    private int operationCycles;
    private long stoppedGva;

    /** Of operations that were done, but not yet spent. */
    private long unspentCycles;

    ReferenceUnit(Core core, Mmu mmu, CoreMode mode, PageWalkers walkers) {
        this.core = core;
        this.mmu = mmu;
        this.mode = mode;
        this.walkers = walkers;
        this.holdsData = mmu.holdsData();
    }

    /** The address, of the page that was not translated, of the access that was stopped. */
    long stoppedGva() {
        return stoppedGva;
    }

    /**
     * References until {@code last}, another kind of word comes, or the clock reaches {@code limit}. Returns
     * false if an access was stopped; the program then stands at it.
     */
    boolean execute(Program program, int last, long limit) {
        long[] words = program.words;
        operationCycles = core.operationCycles();
        int first = program.position;
        int i = first;
        int end = (int) Math.min(last, i + operationsBetween(core.clock(), limit));
        long fetches = 0;
        int payloads = 0;
        boolean translated = true;
        while (i < end) {
            // where data goes through the memory hierarchy, it must learn of each reference
            long scanned = holdsData
                    ? i
                    : scan(words, i, end, mmu.front().keys(), mmu.front().tag());
            fetches += scanned >>> 32;
            i = (int) scanned;
            if (i == end) {
                break;
            }
            long word = words[i];
            int kind = GuestOp.kind(word);
            if (kind > GuestOp.WIDE) {
                break;
            }
            unspentCycles = (long) (i - first - payloads) * operationCycles;
            if (kind == GuestOp.WIDE) {
                kind = GuestOp.wideAccess(word);
                translated = accessPages(kind, GuestOp.gva(words[i + 1]), GuestOp.wideSizeBytes(word));
                payloads += translated ? 1 : 0;
                i += translated ? 1 : 0;
            } else {
                translated = accessPages(kind, GuestOp.gva(word), GuestOp.sizeBytes(word));
            }
            fetches += kind == GuestOp.FETCH ? 1 : 0;
            if (!translated) {
                break;
            }
            i++;
            long now = core.clock() + (long) (i - first - payloads) * operationCycles;
            end = (int) Math.min(last, i + operationsBetween(now, limit));
        }
        count(program, i, i - first - payloads, fetches, translated ? 0 : 1);
        return translated;
    }

    /**
     * The common case by itself: goes past plain references that the front of the TLB answers. Returns the place of
     * the first word that it does not, and in bits 63:32 the fetches before it.
     */
    private static long scan(long[] words, int from, int end, long[] front, long tag) {
        int data = 0;
        int i = from;
        for (; i < end; i++) {
            long word = words[i];
            int kind = (int) (word >>> GuestOp.KIND_SHIFT);
            // with the address of the last byte, so that an access that goes beyond its page finds another key
            long last = word + (word >>> GuestOp.SIZE_SHIFT & GuestOp.MAX_PLAIN_SIZE_BYTES - 1);
            long key = last << GVA_TOP & -1L << Front.PAGE_SHIFT | tag;
            if (front[Front.index(kind, word)] != key) {
                break;
            }
            data += kind + 3 >>> 2;
        }
        return (long) (i - from - data) << 32 | i;
    }

    /** Operations that start before {@code limit}: at most this many fit. */
    private long operationsBetween(long now, long limit) {
        long left = Math.min(Math.max(limit - now, 0), MOST_AT_ONCE);
        return operationCycles == 1 ? left : (left + operationCycles - 1) / operationCycles;
    }

    private void count(Program program, int position, int done, long fetches, int stoppedLookups) {
        Vcpu vcpu = core.vcpu();
        program.position = position;
        vcpu.retire(program, done);
        core.countInstructions(done);
        boolean hypervisor = mode.runsHypervisor();
        vcpu.counts().countLookups(hypervisor, Tlb.FETCH_SIDE, fetches);
        vcpu.counts().countLookups(hypervisor, Tlb.DATA_SIDE, done + stoppedLookups - fetches);
        core.spend(CyclePart.GUEST_WORK, (long) done * operationCycles);
        unspentCycles = 0;
    }

    /** An access that the front did not answer. */
    private boolean accessPages(int kind, long gva, int sizeBytes) {
        boolean onePage = ((gva + sizeBytes - 1 ^ gva) & -PAGE_BYTES) == 0;
        return onePage ? accessPage(kind, gva, sizeBytes) : accessEachPage(kind, gva, sizeBytes);
    }

    /** In ascending order. */
    private boolean accessEachPage(int kind, long gva, int sizeBytes) {
        long page = gva & -PAGE_BYTES;
        int left = sizeBytes - (int) (page + PAGE_BYTES - gva);
        boolean translated = accessPage(kind, gva, sizeBytes - left);
        while (translated && left > 0) {
            page += PAGE_BYTES;
            core.vcpu().counts().countLookups(mode.runsHypervisor(), sideOf(kind), 1);
            translated = accessPage(kind, page & GuestOp.GVA_MASK, Math.min(left, PAGE_BYTES));
            left -= PAGE_BYTES;
        }
        return translated;
    }

    private static int sideOf(int kind) {
        return kind == GuestOp.FETCH ? Tlb.FETCH_SIDE : Tlb.DATA_SIDE;
    }

    /** An access that the program has no word for. Returns false if it was stopped. */
    boolean implicitAccess(int kind, long gva, int sizeBytes) {
        core.vcpu().counts().countLookups(mode.runsHypervisor(), sideOf(kind), 1);
        return accessPages(kind, gva, sizeBytes);
    }

    /** The same, through a segment without limit. */
    boolean accessBeyondSegments(int kind, long gva, int sizeBytes) {
        long limit = mmu.segments().liftLimit();
        boolean done = implicitAccess(kind, gva, sizeBytes);
        mmu.segments().restoreLimit(limit);
        return done;
    }

    private boolean accessPage(int kind, long gva, int sizeBytes) {
        boolean translated = mmu.access(kind, gva);
        if (mmu.secondLevelCycles() != 0) {
            core.spend(CyclePart.TLB_SECOND_LEVEL, mmu.secondLevelCycles());
        }
        if ((mmu.guestWalkCycles() | mmu.secondStageCycles()) != 0) {
            spendWalk(translated && walkers.overlap());
        }
        if (!translated) {
            stoppedGva = gva;
        } else if (holdsData) {
            core.spend(CyclePart.MEMORY, mmu.memoryCycles(kind, gva, sizeBytes));
        }
        return translated;
    }

    /** A walk that is stopped is waited for in any case: what stops it must be known. */
    private void spendWalk(boolean overlaps) {
        long guest = mmu.guestWalkCycles();
        long secondStage = mmu.secondStageCycles();
        if (overlaps) {
            long wait = walkers.begin(core.clock() + unspentCycles, guest + secondStage);
            guest = wait + walkers.stall(guest);
            secondStage = walkers.stall(secondStage);
        }
        core.spend(CyclePart.GUEST_WALK, guest);
        if (secondStage != 0) {
            core.spend(CyclePart.SECOND_STAGE_WALK, secondStage);
        }
    }
}

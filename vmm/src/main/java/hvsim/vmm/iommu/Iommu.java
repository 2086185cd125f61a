package hvsim.vmm.iommu;

import hvsim.ept.EptEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.SecondLevelWalk;
import hvsim.ept.SecondLevelWalker;
import hvsim.ept.StopCause;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;

/**
 * Translates what devices ask for, or refuses it.
 *
 * <pre>
 *   1. context of the requester: remembered, else its root and its context entry     1H to 3H, AH, BH
 *   2. no more bits than its tables translate                                        4H
 *   3. the page: remembered, else a walk                                             5H or 6H, CH
 *   4. the rights of all entries together                                            5H, 6H
 * </pre>
 *
 * A page that is remembered with fewer rights than asked for is looked up anew. What faulted is not remembered.
 */
public final class Iommu {
    /** In place of a machine address: refused. */
    public static final long REFUSED = -1;

    private static final long PAGE_OFFSET = PageSize.SIZE_4K.bytes() - 1;

    private final PhysicalMemory memory;
    private final IommuSpec spec;
    private final ContextCache contexts;
    private final Iotlb iotlb;
    private final SecondLevelWalker walker;
    private final SecondLevelWalk walk = new SecondLevelWalk();
    private final FaultRegisters faults;
    private final boolean[] marked;

    private long rootTable;
    private long translations;
    private long iotlbMisses;
    private long contextMisses;
    private long reads;
    private long stale;
    private long globalInvalidations;
    private long domainInvalidations;
    private long pageInvalidations;

    public Iommu(PhysicalMemory memory, IommuSpec spec) {
        this.memory = memory;
        this.spec = spec;
        contexts = new ContextCache(spec.contexts());
        iotlb = new Iotlb(spec.iotlb());
        walker = new SecondLevelWalker(memory, spec.structures());
        faults = new FaultRegisters(spec.faults());
        marked = new boolean[spec.domains()];
    }

    /** RTADDR_REG: where the root table is. What is remembered stays until it is invalidated. */
    public void setRootTable(long hpa) {
        rootTable = hpa;
    }

    /**
     * Where a request goes that stays within one page of 4 KiB.
     *
     * @param requester 16 bits: bus, device, function
     * @return a machine address, or {@link #REFUSED}
     */
    public long translate(int requester, long iova, boolean write, Dma dma) {
        translations++;
        dma.clear();
        long need = write ? EptEntry.WRITE : EptEntry.READ;
        RecentPage page = contexts.isRecent(requester) ? iotlb.recent(contexts.recentDomain(), iova) : null;
        return page != null && page.allows(need) ? page.hpa(iova) : lookUp(requester, iova, write, need, dma);
    }

    private long lookUp(int requester, long iova, boolean write, long need, Dma dma) {
        long context = contexts.find(requester);
        if (context == ContextCache.NONE) {
            context = readContext(requester, iova, write, dma);
            if (context == ContextCache.NONE) {
                return REFUSED;
            }
        }
        int levels = ContextCache.levels(context);
        if (levels == 0) {
            return iova;
        }
        if (iova >>> PageTable.shift(levels + 1) != 0) {
            return refuse(requester, iova, write, FaultReason.ADDRESS_WIDTH, dma);
        }
        long mapping = iotlb.find(ContextCache.domain(context), iova);
        if ((mapping & need) == 0) {
            mapping = readTables(requester, context, iova, write, need, dma);
            if (mapping == Iotlb.NONE) {
                return REFUSED;
            }
        } else if ((mapping & Iotlb.STALE) != 0) {
            dma.stale = true;
            stale++;
        }
        return mapping & ~PAGE_OFFSET | iova & PAGE_OFFSET;
    }

    private long readContext(int requester, long iova, boolean write, Dma dma) {
        contextMisses++;
        long root = rootTable + (long) (requester >>> 8) * ContextEntry.BYTES;
        long rootLow = read(root, dma);
        if ((rootLow & ContextEntry.PRESENT) == 0) {
            refuse(requester, iova, write, FaultReason.ROOT_NOT_PRESENT, dma);
            return ContextCache.NONE;
        }
        if (ContextEntry.isReservedInRoot(rootLow, memory.read(root + Long.BYTES))) {
            refuse(requester, iova, write, FaultReason.RESERVED_IN_ROOT, dma);
            return ContextCache.NONE;
        }
        long entry = ContextEntry.address(rootLow) + (long) (requester & 0xFF) * ContextEntry.BYTES;
        return rememberContext(requester, read(entry, dma), memory.read(entry + Long.BYTES), iova, write, dma);
    }

    private long rememberContext(int requester, long low, long high, long iova, boolean write, Dma dma) {
        boolean present = (low & ContextEntry.PRESENT) != 0;
        FaultReason fault = present ? ContextEntry.fault(low, high, spec.domains()) : FaultReason.CONTEXT_NOT_PRESENT;
        if (fault != null) {
            refuse(requester, iova, write, fault, dma);
            return ContextCache.NONE;
        }
        int levels = ContextEntry.isPassThrough(low) ? 0 : ContextEntry.levels(high);
        long context = ContextCache.pack(ContextEntry.domain(high), ContextEntry.address(low), levels);
        contexts.insert(requester, context);
        return context;
    }

    private long readTables(int requester, long context, long iova, boolean write, long need, Dma dma) {
        iotlbMisses++;
        int domain = ContextCache.domain(context);
        boolean mapped = walker.walk(ContextCache.root(context), ContextCache.levels(context), domain, iova, walk);
        reads += walk.references();
        dma.cycles += walk.references() * spec.readCycles();
        if (!mapped || (walk.rights() & need) == 0) {
            refuse(requester, iova, write, tableFault(write), dma);
            return Iotlb.NONE;
        }
        iotlb.forget(domain, iova);
        iotlb.insert(domain, iova, walk.level() - 1, walk.page(), walk.rights());
        return iotlb.find(domain, iova);
    }

    private FaultReason tableFault(boolean write) {
        if (walk.stopCause() == StopCause.RESERVED_BIT) {
            return FaultReason.RESERVED_IN_TABLE;
        }
        return write ? FaultReason.NO_WRITE : FaultReason.NO_READ;
    }

    private long read(long hpa, Dma dma) {
        reads++;
        dma.cycles += spec.readCycles();
        return memory.read(hpa);
    }

    private long refuse(int requester, long iova, boolean write, FaultReason reason, Dma dma) {
        dma.fault = reason;
        faults.record(new FaultRecord(requester, iova & ~PAGE_OFFSET, write, reason));
        return REFUSED;
    }

    /** What was refused. */
    public FaultRegisters faults() {
        return faults;
    }

    /**
     * For the audit, no act of hardware's: the tables do not map that page any more. That a device still reaches it by
     * what is remembered is counted from now on.
     */
    public void unmapped(int domain, long iova) {
        iotlb.markStale(domain, iova);
    }

    void forgetContexts() {
        contexts.forgetAll();
    }

    void forgetContext(int requester) {
        contexts.forget(requester);
    }

    void forgetAll() {
        globalInvalidations++;
        iotlb.forgetAll();
        walker.forgetAll();
    }

    /** Numbers of domains that there are not are nobody's. */
    void forgetDomain(int domain) {
        domainInvalidations++;
        if (domain < marked.length) {
            marked[domain] = true;
            iotlb.forgetDomains(marked);
            walker.forgetDomains(marked);
            marked[domain] = false;
        }
    }

    /** @param tables whether also where the tables are that lead there */
    void forgetPage(int domain, long iova, boolean tables) {
        pageInvalidations++;
        iotlb.forget(domain, iova);
        if (tables) {
            walker.forget(domain, iova);
        }
    }

    public IommuStats stats() {
        return new IommuStats(
                translations,
                iotlbMisses,
                contextMisses,
                reads,
                reads * spec.readCycles(),
                stale,
                faults.recorded(),
                faults.lost(),
                globalInvalidations,
                domainInvalidations,
                pageInvalidations);
    }

    /** All but the memory in which the tables are. */
    public void transfer(Snapshot snapshot) {
        contexts.transfer(snapshot);
        iotlb.transfer(snapshot);
        walker.transfer(snapshot);
        faults.transfer(snapshot);
        rootTable = snapshot.transfer(rootTable);
        translations = snapshot.transfer(translations);
        iotlbMisses = snapshot.transfer(iotlbMisses);
        contextMisses = snapshot.transfer(contextMisses);
        reads = snapshot.transfer(reads);
        stale = snapshot.transfer(stale);
        globalInvalidations = snapshot.transfer(globalInvalidations);
        domainInvalidations = snapshot.transfer(domainInvalidations);
        pageInvalidations = snapshot.transfer(pageInvalidations);
    }
}

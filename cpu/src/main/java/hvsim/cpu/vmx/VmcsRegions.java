package hvsim.cpu.vmx;

import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Snapshot;
import java.util.TreeMap;

/**
 * The VMCS regions of a machine by their addresses. Of a region's 4 KiB, software reads and writes the first
 * quadword; the rest has no format of its own here.
 *
 * <pre>
 *  63             32  31   30               0
 * +-----------------+----+--------------------+
 * | abort indicator |shd | revision identifier|
 * +-----------------+----+--------------------+
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), table 24-1.
 */
final class VmcsRegions {
    private static final long REVISION = 0x7FFF_FFFF;
    private static final long SHADOW = 1L << 31;
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private final PhysicalMemory memory;
    private final TreeMap<Long, VmcsRegion> regions = new TreeMap<>();

    VmcsRegions(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** The region at that address; one that was not seen before is clear. */
    VmcsRegion at(long pointer) {
        return regions.computeIfAbsent(pointer, unseen -> new VmcsRegion());
    }

    boolean hasRevision(long pointer) {
        return (memory.read(pointer) & REVISION) == VmxCapability.REVISION_ID;
    }

    boolean hasShadowBit(long pointer) {
        return (memory.read(pointer) & SHADOW) != 0;
    }

    void writeAbortIndicator(long pointer, VmxAbort abort) {
        memory.write(pointer, memory.read(pointer) & LOW_HALF | (long) abort.indicator() << 32);
    }

    void transfer(Snapshot snapshot) {
        long[] pointers = snapshot.transferResized(pointers());
        if (snapshot.isLoading()) {
            regions.clear();
        }
        for (long pointer : pointers) {
            at(pointer).transfer(snapshot);
        }
    }

    private long[] pointers() {
        return regions.keySet().stream().mapToLong(Long::longValue).toArray();
    }
}

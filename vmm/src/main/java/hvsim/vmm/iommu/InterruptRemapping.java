package hvsim.vmm.iommu;

import hvsim.ept.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * The interrupt remapping table: from what a device writes to the entry that says what becomes of it.
 *
 * @param base of the table in machine memory (IRTA_REG)
 * @param entries a power of two up to 65536
 */
public record InterruptRemapping(PhysicalMemory memory, long base, int entries) {
    public InterruptRemapping {
        if (Integer.bitCount(entries) != 1 || entries < 2 || entries > 1 << 16) {
            throw new IllegalArgumentException("an interrupt remapping table of " + entries
                    + " entries; a power of two from 2 to 65536 is possible");
        }
    }

    /** What software does. */
    public void set(int index, InterruptEntry entry) {
        long at = base + (long) index * InterruptEntry.BYTES;
        memory.write(at + Long.BYTES, entry.high());
        memory.write(at, entry.low());
    }

    /** The entry for a request of that requester; null if it is refused, which the registers then say. */
    public @Nullable InterruptEntry entry(int requester, InterruptRequest request, FaultRegisters faults) {
        if (!request.isRemappable()) {
            return refuse(requester, 0, FaultReason.COMPATIBILITY_BLOCKED, faults);
        }
        int index = request.index();
        if (index >= entries) {
            return refuse(requester, index, FaultReason.INTERRUPT_INDEX, faults);
        }
        long at = base + (long) index * InterruptEntry.BYTES;
        InterruptEntry entry = new InterruptEntry(memory.read(at), memory.read(at + Long.BYTES));
        FaultReason fault = entry.fault(requester);
        return fault == null ? entry : refuse(requester, index, fault, faults);
    }

    private static @Nullable InterruptEntry refuse(
            int requester, int index, FaultReason reason, FaultRegisters faults) {
        faults.record(new FaultRecord(requester, (long) index << 48, true, reason));
        return null;
    }
}

package hvsim.vmm.iommu;

import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The fault recording registers: faults fill them in turn until one is reached that software has not taken; then faults
 * are lost, and the overflow flag says so, until software has cleared it ("Primary Fault Logging").
 */
public final class FaultRegisters {
    private final long[] low;
    private final long[] high;
    private int next;
    private int oldest;
    private boolean overflow;
    private boolean untold;
    private long recorded;
    private long lost;

    FaultRegisters(int count) {
        low = new long[count];
        high = new long[count];
    }

    void record(FaultRecord fault) {
        if (overflow || high[next] < 0) {
            overflow = true;
            lost++;
            return;
        }
        low[next] = fault.page();
        high[next] = fault.high();
        next = after(next);
        recorded++;
        untold = true;
    }

    /** Whether a fault event interrupts: something was recorded since this was last asked. */
    public boolean pollInterrupt() {
        boolean news = untold;
        untold = false;
        return news;
    }

    /** What software does with the oldest record: reads it and clears F; null if there is none. */
    public @Nullable FaultRecord take() {
        if (high[oldest] >= 0) {
            return null;
        }
        FaultRecord fault = FaultRecord.of(low[oldest], high[oldest]);
        high[oldest] &= ~FaultRecord.TAKEN_CLEARS;
        oldest = after(oldest);
        return fault;
    }

    /** Whether faults were lost since the flag was cleared. */
    public boolean overflow() {
        return overflow;
    }

    public void clearOverflow() {
        overflow = false;
    }

    private int after(int register) {
        return register + 1 == low.length ? 0 : register + 1;
    }

    long recorded() {
        return recorded;
    }

    long lost() {
        return lost;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(low);
        snapshot.transfer(high);
        next = snapshot.transfer(next);
        oldest = snapshot.transfer(oldest);
        overflow = snapshot.transfer(overflow);
        untold = snapshot.transfer(untold);
        recorded = snapshot.transfer(recorded);
        lost = snapshot.transfer(lost);
    }
}

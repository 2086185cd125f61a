package hvsim.vmm.iommu;

/**
 * One refused request, as a fault recording register has it.
 *
 * <pre>
 *   63                      12 11     0      127 126 125     104 103  96 95   80 79      64
 *  +--------------------------+--------+    +---+---+-----------+-------+-------+----------+
 *  | page, or interrupt index |        |    | F | T |           |reason |       |requester |    T: 1 for a read
 *  +--------------------------+--------+    +---+---+-----------+-------+-------+----------+
 *                                            F: a fault that software has not taken yet
 * </pre>
 *
 * @param page address of the page that was asked for; of an interrupt, its index in bits 63:48
 */
public record FaultRecord(int requester, long page, boolean write, FaultReason reason) {
    static final long TAKEN_CLEARS = 1L << 63;

    private static final long READ = 1L << 62;
    private static final int REASON_SHIFT = 32;

    long high() {
        return TAKEN_CLEARS | (write ? 0 : READ) | (long) reason.number() << REASON_SHIFT | requester;
    }

    static FaultRecord of(long low, long high) {
        return new FaultRecord(
                (int) high & 0xFFFF, low, (high & READ) == 0, FaultReason.of((int) (high >>> REASON_SHIFT) & 0xFF));
    }
}

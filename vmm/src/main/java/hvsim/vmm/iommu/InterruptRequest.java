package hvsim.vmm.iommu;

/**
 * A device's interrupt as it leaves the device: a write of 4 bytes to FEEx_xxxxH.
 *
 * <pre>
 *   address 31  20 19              5  4   3   2  1 0       data 31 16 15        0
 *          +------+-----------------+---+---+---+---+          +-----+-----------+
 *          | FEEH | handle 14:0     |RF |SHV|h15|   |          |     | subhandle |
 *          +------+-----------------+---+---+---+---+          +-----+-----------+
 *                                    RF 1: remappable; SHV 1: the index is handle + subhandle, else the handle
 * </pre>
 *
 * Source: "Interrupt Requests in Remappable Format".
 */
public record InterruptRequest(long address, int data) {
    private static final long FIRST = 0xFEE0_0000L;
    private static final int REMAPPABLE = 1 << 4;
    private static final int SUBHANDLE_VALID = 1 << 3;
    private static final int HANDLE_15_SHIFT = 13;

    /** What software tells a device to write so that the entry of that index decides. */
    public static InterruptRequest of(int index) {
        return new InterruptRequest(
                FIRST | (long) (index & 0x7FFF) << 5 | REMAPPABLE | (index >>> HANDLE_15_SHIFT & 4), 0);
    }

    boolean isRemappable() {
        return (address & REMAPPABLE) != 0;
    }

    int index() {
        int handle = (int) (address >>> 5) & 0x7FFF | (int) (address & 4) << HANDLE_15_SHIFT;
        return (address & SUBHANDLE_VALID) == 0 ? handle : handle + (data & 0xFFFF);
    }
}

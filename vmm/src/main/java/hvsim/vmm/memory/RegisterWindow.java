package hvsim.vmm.memory;

/**
 * Where devices' registers are, as firmware would put them, for a machine and for a VM alike: below 4 GiB if memory leaves
 * room there, else at the top of the addresses.
 *
 * <pre>
 *   | memory ... | nothing | FE00_0000H: device 0 | + 1 MiB: device 1 | ...
 * </pre>
 */
public final class RegisterWindow {
    /** Of each device: what its registers are spread over. */
    public static final int PAGES = 4;

    private static final long LOW = 0xFE00_0000L;
    private static final long HIGH = 0x3800_0000_0000L;
    private static final int DEVICE_SHIFT = 20;
    private static final int MOST_DEVICES = 16;

    private RegisterWindow() {}

    /** The first address, with so much memory. */
    public static long first(long memoryBytes) {
        return memoryBytes <= LOW ? LOW : HIGH;
    }

    /** Where a device's registers begin. */
    public static long of(long memoryBytes, int device) {
        if (device >= MOST_DEVICES) {
            throw new IllegalArgumentException("more than " + MOST_DEVICES + " devices");
        }
        return first(memoryBytes) + ((long) device << DEVICE_SHIFT);
    }

    /** The number of the device at an address of the window. */
    public static int device(long memoryBytes, long address) {
        return (int) (address - first(memoryBytes) >>> DEVICE_SHIFT);
    }

    /** Whether two addresses are of the same device. */
    public static boolean isSameDevice(long address, long other) {
        return address >>> DEVICE_SHIFT == other >>> DEVICE_SHIFT;
    }

    /** How far an address of the window is from where its device's registers begin. */
    public static long offset(long address) {
        return address & (1 << DEVICE_SHIFT) - 1;
    }
}

package hvsim.scenarios.workload;

/**
 * Where programs are in their address space.
 *
 * <pre>
 *             code                    data                             a trace's addresses
 *   LONG      0x0000_0000_0040_0000   0x0000_1000_0000_0000            as they are
 *   LEGACY    0x0040_0000             0x0800_0000 to 0xA000_0000       their low 31 bits
 *   REAL      2_0000H                 3_0000H to A_0000H               there are none
 * </pre>
 *
 * @param dataBytes for the working set
 * @param traceMask of the bits that a trace's addresses keep
 */
public record Placement(long codeGva, long dataGva, long dataBytes, long traceMask) {
    public static final Placement LONG = new Placement(0x40_0000, 0x1000_0000_0000L, 1L << 46, -1);

    /** Linear addresses of 32 bits; above 0xA000_0000 are new pages, and the kernel. */
    public static final Placement LEGACY = new Placement(0x40_0000, 0x800_0000, 0x9800_0000L, 0x7FFF_FFFF);

    /** Conventional memory, between what handlers have and video memory. */
    public static final Placement REAL = new Placement(0x2_0000, 0x3_0000, 0x7_0000, -1);

    boolean folds() {
        return traceMask != -1;
    }
}

package hvsim.vmm.host;

import hvsim.ept.TableLayout;

/**
 * Where a host is in its address space; a hypervisor is above all of it.
 *
 * <pre>
 *                       64-bit          32-bit
 *   process     text    1 TiB           0x4000_0000
 *               data    + 1 GiB         0x5000_0000
 *   kernel      text    2 TiB           0xC000_0000
 *               data    + 1 GiB         0xD000_0000
 *   applications        4 TiB           0x8000_0000   2 MiB each
 * </pre>
 */
record HostLayout(long processText, long processData, long kernelText, long kernelData, long applications) {
    private static final long GIB = 1L << 30;
    private static final HostLayout LONG =
            new HostLayout(1L << 40, (1L << 40) + GIB, 1L << 41, (1L << 41) + GIB, 1L << 42);
    private static final HostLayout LEGACY =
            new HostLayout(0x4000_0000L, 0x5000_0000L, 0xC000_0000L, 0xD000_0000L, 0x8000_0000L);

    static HostLayout of(TableLayout tables) {
        return tables.isLong() ? LONG : LEGACY;
    }
}

package hvsim.vmm.kernel;

import hvsim.cpu.GuestOp;

/**
 * Where things are in the address space of a process.
 *
 * <pre>
 *             64-bit (low 57 bits)        32-bit, as Linux's 3 GiB for the user
 *   pages     0x0000_6000_0000_0000       0xA000_0000   that map and page_fault map, each virtual processor its part
 *   kernel    0x01FF_8000_0000_0000       0xC000_0000   up to the end
 *     text    + 0                         0xF800_0000
 *     data    + 1 GiB                     0xF840_0000   16 pages for each virtual processor
 *     locks   + 2 GiB                     0xF900_0000   64 bytes each
 *     forged  + 3 GiB                     0xFB00_0000   a page for each virtual processor of a hostile kernel
 *     spare   + 3 GiB + 4 MiB             0xFB40_0000   tables of pages whose entries benchmarks write
 *     devices + 3 GiB + 64 MiB            0xFBC0_0000   registers of devices, 64 KiB for each
 *     window  -                           0xFA00_0000   onto what of the memory the direct map does not reach
 *     direct  + 256 GiB, all memory       0xC000_0000   the first 896 MiB of memory
 * </pre>
 *
 * @param pages where new pages of programs come
 * @param pagesBytes for all virtual processors; a power of two
 * @param userEnd pages of programs are below it, or in the upper half before there is a kernel
 * @param kernel first address under those entries of root tables that all processes share
 * @param kernelBytes up to the end of it
 * @param direct where guest-physical address 0 is seen
 * @param directBytes how much memory is seen there
 */
record SpaceLayout(
        long pages,
        long pagesBytes,
        long userEnd,
        long kernel,
        long kernelBytes,
        long text,
        long data,
        long locks,
        long forged,
        long spare,
        long devices,
        long window,
        long direct,
        long directBytes) {
    private static final long LONG_KERNEL = GuestOp.GVA_MASK & -1L << 47;

    private static final SpaceLayout LONG = new SpaceLayout(
            0x6000_0000_0000L,
            1L << 42,
            Long.MAX_VALUE,
            LONG_KERNEL,
            1L << 39,
            LONG_KERNEL,
            LONG_KERNEL + (1L << 30),
            LONG_KERNEL + (1L << 31),
            LONG_KERNEL + (3L << 30),
            LONG_KERNEL + (3L << 30) + (4L << 20),
            LONG_KERNEL + (3L << 30) + (64L << 20),
            0,
            LONG_KERNEL + (1L << 38),
            Long.MAX_VALUE);

    private static final SpaceLayout LEGACY = new SpaceLayout(
            0xA000_0000L,
            1L << 29,
            0xC000_0000L,
            0xC000_0000L,
            1L << 30,
            0xF800_0000L,
            0xF840_0000L,
            0xF900_0000L,
            0xFB00_0000L,
            0xFB40_0000L,
            0xFBC0_0000L,
            0xFA00_0000L,
            0xC000_0000L,
            896L << 20);

    static SpaceLayout of(GuestMode mode) {
        return mode.isLegacy() ? LEGACY : LONG;
    }

    /** Whether there is room for every virtual processor that there can be. */
    boolean isRoomy() {
        return pagesBytes > 1L << 32;
    }

    /** Whether an entry of a root table, from {@code gva} on, covers some of the kernel. */
    boolean isKernel(long gva, int rootShift) {
        return gva >>> rootShift >= kernel >>> rootShift && gva >>> rootShift <= kernel + kernelBytes - 1 >>> rootShift;
    }
}

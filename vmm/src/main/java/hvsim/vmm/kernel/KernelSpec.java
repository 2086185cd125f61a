package hvsim.vmm.kernel;

/**
 * How a guest's kernel is set up.
 *
 * @param processes address spaces that take turns
 * @param pcid whether each has a PCID of its own
 * @param globalPages whether the kernel's own pages are global: they outlive a MOV to CR3
 * @param demandPaging whether pages are mapped by the kernel's fault handler, rather than free of charge
 * @param pages that one map, unmap or protect covers
 * @param syscallBy how a program enters the kernel
 * @param shootdown how translations go on other virtual processors
 * @param lockHoldCycles work under the lock of one {@link hvsim.cpu.KernelEvent#LOCK}
 * @param timerCycles from one tick to the next, in cycles of the time-stamp counter; 0 for none
 * @param interruptsOffCycles work of one {@link hvsim.cpu.KernelEvent#INTERRUPTS_OFF}
 */
public record KernelSpec(
        int processes,
        boolean pcid,
        boolean globalPages,
        boolean demandPaging,
        int pages,
        SyscallBy syscallBy,
        Shootdowns shootdown,
        long lockHoldCycles,
        long timerCycles,
        long interruptsOffCycles) {
    private static final int MOST_PCIDS = 4095;

    public KernelSpec {
        if (processes < 1 || pcid && 2 * processes > MOST_PCIDS) {
            throw new IllegalArgumentException(
                    processes + " processes; 1 or more, with PCIDs for them and their children at most 2047");
        }
        if (pages < 1 || lockHoldCycles < 0 || timerCycles < 0 || interruptsOffCycles < 0) {
            throw new IllegalArgumentException(pages + " pages, a lock for " + lockHoldCycles + " cycles, a tick every "
                    + timerCycles + ", interrupts off for " + interruptsOffCycles + ": at least 1, 0, 0 and 0");
        }
    }

    /** A kernel without events: as many processes, PCIDs and global pages, pages that are there when touched. */
    public static KernelSpec of(int processes, boolean demandPaging) {
        return new KernelSpec(processes, true, true, demandPaging, 1, SyscallBy.SYSCALL, Shootdowns.LINUX, 0, 0, 0);
    }

    /** The same where there are no PCIDs and no SYSCALL. */
    public static KernelSpec legacy(int processes, boolean demandPaging) {
        return new KernelSpec(processes, false, true, demandPaging, 1, SyscallBy.INTERRUPT, Shootdowns.LINUX, 0, 0, 0);
    }

    /** How a program enters its kernel. */
    public enum SyscallBy {
        /** By SYSCALL, back by SYSRET. */
        SYSCALL,
        /** By INT 80H through the interrupt-descriptor table, back by IRET. */
        INTERRUPT
    }

    /**
     * How translations go.
     *
     * @param batch pages that are invalidated one by one; beyond that by a MOV to CR3
     * @param lazy whether a virtual processor that runs another process is left alone, and flushes when it comes back
     */
    public record Shootdowns(int batch, boolean lazy) {
        /** tlb_single_page_flush_ceiling and lazy TLB mode (assumed, as Linux 6). */
        public static final Shootdowns LINUX = new Shootdowns(33, true);

        public Shootdowns {
            if (batch < 0) {
                throw new IllegalArgumentException("a batch of " + batch + " pages");
            }
        }
    }
}

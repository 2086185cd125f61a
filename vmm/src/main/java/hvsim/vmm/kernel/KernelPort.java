package hvsim.vmm.kernel;

/** What a guest's kernel is made for: a processor of its own, or a hypervisor. */
interface KernelPort {
    /** What comes in a new program of the kernel where privilege is needed. */
    PrivilegedCode in(KernelCode code);

    /** @param flags of the kernel's pages */
    Memory memory(GuestFrames frames, SpaceLayout layout, long flags);

    /** How the kernel's memory is laid out for it. */
    record Memory(KernelTables tables, DirectMap directMap) {}
}

package hvsim.cpu;

/** By what an access to memory is stopped. */
enum AccessStop {
    BEYOND_SEGMENT,
    /** The TLB lacks what it needs, and the hypervisor's software fills it. */
    TLB_MISS,
    /** {@link Mmu#walk} says at what. */
    WALK,
    /** The page is the one that the virtual APIC answers. */
    APIC_ACCESS_PAGE,
    /** There is no memory at the address, but a device's registers. */
    REGISTER
}

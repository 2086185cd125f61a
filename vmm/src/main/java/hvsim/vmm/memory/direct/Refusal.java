package hvsim.vmm.memory.direct;

/** Why an update is not made. The guest sees -EINVAL for all of them. */
public enum Refusal {
    /** The frame is not the guest's, or there is no such frame. */
    FOREIGN_FRAME,
    /** The frame is in use as something else: a table is to be mapped writable, or a writable page to be a table. */
    TYPE_CONFLICT,
    /** The entry maps a large page. */
    LARGE_PAGE,
    /** What is to be changed is no registered table. */
    NOT_A_TABLE,
    /** The entry is the hypervisor's own. */
    RESERVED_ENTRY,
    /** A bit is set with which the processor would not load the entry. */
    RESERVED_BIT,
    /** The root is in use, and the processor has its entries in registers. */
    ROOT_IN_USE
}

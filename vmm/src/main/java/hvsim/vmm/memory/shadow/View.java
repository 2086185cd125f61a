package hvsim.vmm.memory.shadow;

/** Whose eyes a shadow table is for. */
public enum View {
    /** The rights are the guest's: its kernel runs at CPL 0, or this is its programs' view. */
    AS_IS,

    /** The guest's kernel runs at CPL 3: all pages are user pages. */
    KERNEL_AT_USER_LEVEL
}

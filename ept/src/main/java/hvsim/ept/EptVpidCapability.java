package hvsim.ept;

/**
 * Bits of the capability MSR IA32_VMX_EPT_VPID_CAP.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), appendix A.10; bits 7, 22 and 23 as in later editions.
 */
public final class EptVpidCapability {
    public static final long EXECUTE_ONLY = 1;
    public static final long WALK_LENGTH_4 = 1 << 6;
    public static final long WALK_LENGTH_5 = 1 << 7;
    public static final long UNCACHEABLE_TABLES = 1 << 8;
    public static final long WRITE_BACK_TABLES = 1 << 14;
    public static final long PAGES_2M = 1 << 16;
    public static final long PAGES_1G = 1 << 17;
    public static final long INVEPT = 1 << 20;
    public static final long ACCESSED_DIRTY = 1 << 21;
    public static final long ADVANCED_VIOLATION_INFORMATION = 1 << 22;
    public static final long SUPERVISOR_SHADOW_STACK = 1 << 23;
    public static final long INVEPT_SINGLE_CONTEXT = 1 << 25;
    public static final long INVEPT_ALL_CONTEXTS = 1 << 26;
    public static final long INVVPID = 1L << 32;
    public static final long INVVPID_ADDRESS = 1L << 40;
    public static final long INVVPID_SINGLE_CONTEXT = 1L << 41;
    public static final long INVVPID_ALL_CONTEXTS = 1L << 42;
    public static final long INVVPID_BUT_GLOBALS = 1L << 43;

    /** All that the model has: not supervisor shadow-stack control. */
    public static final long ALL = EXECUTE_ONLY
            | WALK_LENGTH_4
            | WALK_LENGTH_5
            | UNCACHEABLE_TABLES
            | WRITE_BACK_TABLES
            | PAGES_2M
            | PAGES_1G
            | INVEPT
            | ACCESSED_DIRTY
            | ADVANCED_VIOLATION_INFORMATION
            | INVEPT_SINGLE_CONTEXT
            | INVEPT_ALL_CONTEXTS
            | INVVPID
            | INVVPID_ADDRESS
            | INVVPID_SINGLE_CONTEXT
            | INVVPID_ALL_CONTEXTS
            | INVVPID_BUT_GLOBALS;

    private EptVpidCapability() {}
}

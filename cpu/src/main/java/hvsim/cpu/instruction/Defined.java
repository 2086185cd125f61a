package hvsim.cpu.instruction;

/** Where an instruction is defined; elsewhere it is #UD. */
public enum Defined {
    EVERYWHERE,
    /** Not in real-address or virtual-8086 mode. */
    PROTECTED_MODE,
    /** In 64-bit mode alone. */
    BITS_64,
    /** Not in 64-bit mode. */
    NOT_BITS_64,
    /** In 64-bit mode with EFER.SCE. */
    SYSTEM_CALL,
    /** In VMX operation, in protected mode, not in compatibility mode. */
    VMX,
    /** As {@link #VMX}, but outside of VMX operation too: with CR4.VMXE. */
    VMXE,
    /** In VMX operation; in non-root mode, in every mode. */
    VM_CALL,
    /** In non-root mode, with "enable VM functions", of the functions 0 to 63. */
    VM_FUNCTIONS,
    /** With CR4.SMXE. */
    SAFER_MODE,
    /** With CR4.OSXSAVE. */
    EXTENDED_STATES,
    /** With CR4.OSXSAVE; in non-root mode with "enable XSAVES/XRSTORS" too. */
    SUPERVISOR_STATES,
    /** With CR4.PKE. */
    PROTECTION_KEYS,
    /** With CR4.KL. */
    KEY_LOCKER,
    /** In protected mode; enclaves. */
    ENCLAVES,
    /** Everywhere; in non-root mode with "enable RDTSCP". */
    TSC_AUX,
    /** Not in virtual-8086 mode; in non-root mode with "enable INVPCID". */
    WITH_INVPCID,
    /** Everywhere; in non-root mode with "enable user wait and pause". */
    USER_WAIT,
    /** Everywhere; in non-root mode with "enable PCONFIG". */
    WITH_PCONFIG,
    /** In 64-bit mode; in non-root mode with "enable MSR-list instructions". */
    MSR_LIST,
    /** In system-management mode, which no modelled processor enters. */
    SMM,
    /** Nowhere: it is there to raise #UD. */
    NOWHERE
}

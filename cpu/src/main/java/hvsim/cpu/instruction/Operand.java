package hvsim.cpu.instruction;

/**
 * What a program has to say about an instruction beyond its name: up to 32 bits beside the name, and a 64-bit value.
 *
 * <p>Where more than one thing shares the 32 bits, the record of that name packs them.
 */
public enum Operand {
    NONE,
    /** {@link PortOperand}; the value is the address of a string instruction's memory. */
    PORT,
    /** Number of a model-specific register. */
    MSR,
    /** Number of a model-specific register, and the value written to it. */
    MSR_VALUE,
    /** A 64-bit value, such as goes into a control register. */
    VALUE,
    /** A guest-virtual address, as the value. */
    GVA,
    /** A register's number from 0, such as of a debug register or a performance counter. */
    NUMBER,
    /** A register's number, and the value written to it. */
    NUMBER_VALUE,
    /** {@link LmswOperand}; the value is the address of a memory operand. */
    STATUS_WORD,
    /** {@link InvpcidOperand}; the value is the descriptor's linear address. */
    INVPCID_DESCRIPTOR,
    /** {@link InvvpidOperand}; the value is the descriptor's linear address. */
    INVVPID_DESCRIPTOR,
    /** The type; the value is the EPTP of the descriptor. */
    INVEPT_DESCRIPTOR,
    /** {@link SelectorOperand}. */
    SELECTOR,
    /** Bits 15:0 the TSS that a nested task returns to; the value is the image of RFLAGS. */
    RETURN,
    /** {@link InterruptOperand}. */
    INTERRUPT,
    /** 1 if the instruction finds what makes it raise its exception: overflow, or an index out of bounds. */
    CONDITION,
    /** Number of a leaf function, as in EAX. */
    LEAF,
    /** EAX: the VM function; the value is ECX. */
    VM_FUNCTION,
    /** Encoding of a field of the VMCS, and the value written. */
    VMCS_FIELD,
    /** A physical address that the operand in memory contains, as the value. */
    PHYSICAL_ADDRESS,
    /** Hints or extensions, as in ECX. */
    HINTS
}

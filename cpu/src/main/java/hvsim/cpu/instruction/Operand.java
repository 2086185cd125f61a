package hvsim.cpu.instruction;

/**
 * What a program has to say about an instruction beyond its name: up to 32 bits beside the name, and a 64-bit value.
 *
 * <p>Where more than one thing shares the 32 bits, the record of that name packs them.
 */
public enum Operand {
    NONE("none"),
    /** {@link PortOperand}; the value is the address of a string instruction's memory. */
    PORT("bits 15:0 the port, 17:16 bytes - 1 (0, 1 or 3), 18 immediate, 19 REP, 20 the TSS permits it"),
    /** Number of a model-specific register. */
    MSR("the number of an MSR, 32 bits"),
    /** Number of a model-specific register, and the value written to it. */
    MSR_VALUE("the number of an MSR, 32 bits"),
    /** A 64-bit value, such as goes into a control register. */
    VALUE("a value of 64 bits"),
    /** A guest-virtual address, as the value. */
    GVA("a guest-virtual address"),
    /** A register's number from 0, such as of a debug register or a performance counter. */
    NUMBER("the number of a register, 32 bits"),
    /** A register's number, and the value written to it. */
    NUMBER_VALUE("the number of a register, 32 bits"),
    /** {@link LmswOperand}; the value is the address of a memory operand. */
    STATUS_WORD("bits 15:0 the machine status word, 16 it is in memory"),
    /** {@link InvpcidOperand}; the value is the descriptor's linear address. */
    INVPCID_DESCRIPTOR("bits 3:0 the type, 15:4 the PCID, 16 a reserved bit is set"),
    /** {@link InvvpidOperand}; the value is the descriptor's linear address. */
    INVVPID_DESCRIPTOR("bits 3:0 the type, 19:4 the VPID, 20 a reserved bit is set"),
    /** The type; the value is the EPTP of the descriptor. */
    INVEPT_DESCRIPTOR("the type, 32 bits"),
    /** {@link SelectorOperand}. */
    SELECTOR(
            "bits 15:0 the selector, 17:16 DPL, 18 of no type it takes, 19 conforming code, 20 a task, 23:21 the register,"
                    + " 0 to 5"),
    /** Bits 15:0 the TSS that a nested task returns to; the value is the image of RFLAGS. */
    RETURN("bits 15:0 the TSS that a nested task returns to"),
    /** {@link InterruptOperand}. */
    INTERRUPT("bits 7:0 the vector, 9:8 DPL of the gate, 10 a task gate, 31:16 its TSS"),
    /** 1 if the instruction finds what makes it raise its exception: overflow, an index out of bounds, a divisor of 0. */
    CONDITION("1 if it raises its exception, else 0"),
    /** Number of a leaf function, as in EAX. */
    LEAF("the number of a leaf, 32 bits"),
    /** EAX: the VM function; the value is ECX. */
    VM_FUNCTION("the number of a VM function, 32 bits"),
    /** Encoding of a field of the VMCS, and the value written. */
    VMCS_FIELD("the encoding of a field of the VMCS, 32 bits"),
    /** A physical address that the operand in memory contains, as the value. */
    PHYSICAL_ADDRESS("a physical address"),
    /** Hints or extensions, as in ECX. */
    HINTS("what ECX has, 32 bits");

    private static final int SELECTOR_BITS = 16;

    private final String form;

    Operand(String form) {
        this.form = form;
    }

    /** What it consists of, in words. */
    public String form() {
        return form;
    }

    /** Whether a program can have those bits beside the instruction's name. */
    boolean has(int bits) {
        return switch (this) {
            case PORT -> PortOperand.exists(bits);
            case STATUS_WORD -> LmswOperand.exists(bits);
            case INVPCID_DESCRIPTOR -> InvpcidOperand.exists(bits);
            case INVVPID_DESCRIPTOR -> InvvpidOperand.exists(bits);
            case SELECTOR -> SelectorOperand.exists(bits);
            case RETURN -> bits >>> SELECTOR_BITS == 0;
            case INTERRUPT -> InterruptOperand.exists(bits);
            case CONDITION -> bits >>> 1 == 0;
            case NONE, VALUE, GVA, PHYSICAL_ADDRESS -> bits == 0;
            case MSR, MSR_VALUE, NUMBER, NUMBER_VALUE, INVEPT_DESCRIPTOR, LEAF, VM_FUNCTION, VMCS_FIELD, HINTS -> true;
        };
    }
}

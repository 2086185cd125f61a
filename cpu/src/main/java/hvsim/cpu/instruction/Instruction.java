package hvsim.cpu.instruction;

import java.util.List;

/**
 * The instructions a program can name: those whose effect depends on privilege or on the VMCS, so
 * that virtualization has to care. Everything else is a plain memory reference.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 25.1 "Instructions that cause VM exits", and vol. 2
 * for privilege and length.
 */
public enum Instruction {
    CPUID("cpuid", 2, true, Operand.NONE),
    HLT("hlt", 1, false, Operand.NONE),
    IN("in", 1, false, Operand.PORT),
    OUT("out", 1, false, Operand.PORT),
    RDMSR("rdmsr", 2, false, Operand.MSR),
    WRMSR("wrmsr", 2, false, Operand.MSR_VALUE),
    MOV_TO_CR0("mov_to_cr0", 3, false, Operand.VALUE),
    MOV_TO_CR3("mov_to_cr3", 3, false, Operand.VALUE),
    MOV_TO_CR4("mov_to_cr4", 3, false, Operand.VALUE),
    MOV_FROM_CR0("mov_from_cr0", 3, false, Operand.NONE),
    MOV_FROM_CR3("mov_from_cr3", 3, false, Operand.NONE),
    MOV_FROM_CR4("mov_from_cr4", 3, false, Operand.NONE),
    INVLPG("invlpg", 3, false, Operand.GVA),
    VMCALL("vmcall", 3, true, Operand.NONE),
    RDTSC("rdtsc", 2, true, Operand.NONE),
    PAUSE("pause", 2, true, Operand.NONE),
    VMREAD("vmread", 3, false, Operand.NONE),
    VMWRITE("vmwrite", 3, false, Operand.NONE),
    VMPTRLD("vmptrld", 4, false, Operand.NONE),
    VMRESUME("vmresume", 3, false, Operand.NONE),
    INVEPT("invept", 5, false, Operand.VALUE);

    /** What a program has to say about the instruction beyond its name. */
    public enum Operand {
        NONE,
        /** An I/O port, 0 to 0xFFFF, one byte wide. */
        PORT,
        /** A model-specific register, 32 bits. */
        MSR,
        /** A model-specific register and the 64-bit value written to it. */
        MSR_VALUE,
        /** A 64-bit value. */
        VALUE,
        /** A guest-virtual address. */
        GVA
    }

    private static final List<Instruction> BY_NUMBER = List.of(values());

    private final String mnemonic;
    private final int lengthBytes;
    private final boolean anyCpl;
    private final Operand operand;

    Instruction(String mnemonic, int lengthBytes, boolean anyCpl, Operand operand) {
        this.mnemonic = mnemonic;
        this.lengthBytes = lengthBytes;
        this.anyCpl = anyCpl;
        this.operand = operand;
    }

    /** The instruction with that {@link #ordinal()}, as packed into a {@link GuestOp}. */
    public static Instruction byNumber(int number) {
        return BY_NUMBER.get(number);
    }

    /** The name in scenario files and reports, lower case. */
    public String mnemonic() {
        return mnemonic;
    }

    /** Length of the usual encoding in bytes: the VM-exit instruction length. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Whether every privilege level may execute it; else CPL 0 only (IN and OUT: CPL at most IOPL). */
    public boolean anyCpl() {
        return anyCpl;
    }

    /** Whether only a hypervisor executes it, in root mode. */
    public boolean isRootOnly() {
        return compareTo(VMREAD) >= 0;
    }

    public Operand operand() {
        return operand;
    }
}

package hvsim.cpu.instruction;

/** Who may execute an instruction. */
public enum Privilege {
    ANY,
    /** CPL 0, else #GP(0). */
    CPL_0,
    /** CPL 0, else the instruction is #UD. */
    CPL_0_OR_UNDEFINED,
    /** CPL 0 in root mode and outside VMX operation; in non-root mode a VM exit comes first. */
    CPL_0_AFTER_EXIT,
    /** CPL 0, or CR4.UMIP clear. */
    UMIP,
    /** CPL 0, or CR4.TSD clear. */
    TSD,
    /** CPL 0, or CR4.PCE set. */
    PCE,
    /** CPL at most IOPL, or by the TSS's bitmap of I/O permissions. */
    IO_PERMISSION,
    /** CPL at most IOPL, or the virtual interrupt flag is meant (CR4.PVI at CPL 3, CR4.VME in virtual-8086 mode). */
    INTERRUPT_FLAG,
    /** Every CPL; in virtual-8086 mode with IOPL 3, or CR4.VME. */
    FLAGS_IMAGE,
    /** Every CPL that a gate or segment descriptor of the operand admits. */
    DESCRIPTOR
}

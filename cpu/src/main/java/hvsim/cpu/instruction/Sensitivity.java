package hvsim.cpu.instruction;

/**
 * Why an instruction is sensitive without being privileged, by the two groups of Robin and Irvine, Analysis of the
 * Intel Pentium's Ability to Support a Secure Virtual Machine Monitor (USENIX Security 2000). The paper counts 17;
 * the usual list has 18 mnemonics.
 */
public enum Sensitivity {
    NOT_LISTED,
    /** It reads or changes a sensitive register, or memory location, without a trap. */
    REGISTER,
    /** It refers to the storage-protection or relocation system, or shows the privilege level, without a trap. */
    PROTECTION
}

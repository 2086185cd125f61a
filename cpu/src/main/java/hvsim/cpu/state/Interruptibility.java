package hvsim.cpu.state;

/**
 * Bits of what holds events back for a while, as in the VMCS's interruptibility-state field and in {@link
 * Registers#interruptibility}.
 *
 * <pre>
 *   0 blocking by STI      until after the next instruction
 *   1 blocking by MOV SS   until after the next instruction
 *   2 blocking by SMI
 *   3 blocking by NMI      until IRET (virtual-NMI blocking with "virtual NMIs")
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), table 24-3.
 */
public final class Interruptibility {
    public static final int BY_STI = 1;
    public static final int BY_MOV_SS = 1 << 1;
    public static final int BY_SMI = 1 << 2;
    public static final int BY_NMI = 1 << 3;

    private Interruptibility() {}
}

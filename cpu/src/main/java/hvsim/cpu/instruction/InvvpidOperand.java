package hvsim.cpu.instruction;

/**
 * Operand of INVVPID, without its linear address.
 *
 * <pre>
 *  20 a reserved bit of the descriptor is set | 19..4 VPID | 3..0 type
 * </pre>
 *
 * @param type 0 to 15; the processor has 0 to 3
 */
public record InvvpidOperand(int type, int vpid, boolean isReservedSet) {
    private static final int TYPE = 0xF;
    private static final int VPID_SHIFT = 4;
    private static final int VPID = 0xFFFF;
    private static final int RESERVED = 1 << 20;

    public InvvpidOperand {
        if ((type & ~TYPE) != 0 || (vpid & ~VPID) != 0) {
            throw new IllegalArgumentException("no operand of INVVPID: type " + type + ", VPID " + vpid);
        }
    }

    /** Whether there is such an operand. */
    static boolean exists(int operand) {
        return (operand & ~(TYPE | VPID << VPID_SHIFT | RESERVED)) == 0;
    }

    public int pack() {
        return type | vpid << VPID_SHIFT | (isReservedSet ? RESERVED : 0);
    }

    public static InvvpidOperand unpack(int operand) {
        return new InvvpidOperand(operand & TYPE, operand >>> VPID_SHIFT & VPID, (operand & RESERVED) != 0);
    }
}

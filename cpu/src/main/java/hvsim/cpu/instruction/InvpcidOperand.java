package hvsim.cpu.instruction;

/**
 * Operand of INVPCID, without its linear address.
 *
 * <pre>
 *  16 a reserved bit of the descriptor is set | 15..4 PCID | 3..0 type
 * </pre>
 *
 * @param type 0 to 15; the processor has 0 to 3
 */
public record InvpcidOperand(int type, int pcid, boolean isReservedSet) {
    private static final int TYPE = 0xF;
    private static final int PCID_SHIFT = 4;
    private static final int PCID = 0xFFF;
    private static final int RESERVED = 1 << 16;

    public InvpcidOperand {
        if ((type & ~TYPE) != 0 || (pcid & ~PCID) != 0) {
            throw new IllegalArgumentException("no operand of INVPCID: type " + type + ", PCID " + pcid);
        }
    }

    /** Whether there is such an operand. */
    static boolean exists(int operand) {
        return (operand & ~(TYPE | PCID << PCID_SHIFT | RESERVED)) == 0;
    }

    public int pack() {
        return type | pcid << PCID_SHIFT | (isReservedSet ? RESERVED : 0);
    }

    public static InvpcidOperand unpack(int operand) {
        return new InvpcidOperand(operand & TYPE, operand >>> PCID_SHIFT & PCID, (operand & RESERVED) != 0);
    }
}

package hvsim.cpu.instruction;

/**
 * Operand of IN, OUT, INS and OUTS.
 *
 * <pre>
 *  20 the TSS's bitmap permits it | 19 REP | 18 port is an immediate | 17..16 bytes - 1 | 15..0 port
 * </pre>
 *
 * @param bytes of one access: 1, 2 or 4
 * @param isPermitted whether the TSS's bitmap of I/O permissions has a 0 for each port accessed
 */
public record PortOperand(int port, int bytes, boolean isImmediate, boolean isRepeated, boolean isPermitted) {
    private static final int PORT = 0xFFFF;
    private static final int SIZE_SHIFT = 16;
    private static final int IMMEDIATE = 1 << 18;
    private static final int REPEATED = 1 << 19;
    private static final int PERMITTED = 1 << 20;

    public PortOperand {
        if (port < 0 || port > PORT || bytes != 1 && bytes != 2 && bytes != 4) {
            throw new IllegalArgumentException("no access to I/O ports: " + bytes + " bytes at " + port);
        }
    }

    /** One byte at a port in DX, not repeated. */
    public static PortOperand of(int port) {
        return new PortOperand(port, 1, false, false, false);
    }

    /** Whether there is such an operand. */
    static boolean exists(int operand) {
        return (operand & ~(PORT | 3 << SIZE_SHIFT | IMMEDIATE | REPEATED | PERMITTED)) == 0
                && (operand >>> SIZE_SHIFT & 3) != 2;
    }

    public int pack() {
        return port
                | bytes - 1 << SIZE_SHIFT
                | (isImmediate ? IMMEDIATE : 0)
                | (isRepeated ? REPEATED : 0)
                | (isPermitted ? PERMITTED : 0);
    }

    /** The same access where the TSS's bitmap permits nothing. */
    public static long denied(long operand) {
        return operand & ~PERMITTED;
    }

    public static PortOperand unpack(int operand) {
        return new PortOperand(
                operand & PORT,
                (operand >>> SIZE_SHIFT & 3) + 1,
                (operand & IMMEDIATE) != 0,
                (operand & REPEATED) != 0,
                (operand & PERMITTED) != 0);
    }
}

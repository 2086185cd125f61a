package hvsim.cpu.instruction;

/**
 * Operand of LMSW.
 *
 * <pre>
 *  16 it is in memory | 15..0 the machine status word
 * </pre>
 */
public record LmswOperand(int source, boolean isMemory) {
    private static final int SOURCE = 0xFFFF;
    private static final int MEMORY = 1 << 16;

    public LmswOperand {
        if ((source & ~SOURCE) != 0) {
            throw new IllegalArgumentException("a machine status word has 16 bits: " + source);
        }
    }

    /** Whether there is such an operand. */
    static boolean exists(int operand) {
        return (operand & ~(SOURCE | MEMORY)) == 0;
    }

    public int pack() {
        return source | (isMemory ? MEMORY : 0);
    }

    public static LmswOperand unpack(int operand) {
        return new LmswOperand(operand & SOURCE, (operand & MEMORY) != 0);
    }
}

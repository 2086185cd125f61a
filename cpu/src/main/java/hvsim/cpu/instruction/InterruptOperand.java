package hvsim.cpu.instruction;

/**
 * Operand of INT n: the vector, with what matters of its gate.
 *
 * <pre>
 *  31..16 selector of the TSS | 10 a task gate | 9..8 the gate's DPL | 7..0 vector
 * </pre>
 *
 * @param gateDpl 0 to 3
 * @param tssSelector in a task gate
 */
public record InterruptOperand(int vector, int gateDpl, boolean isTaskGate, int tssSelector) {
    private static final int VECTOR = 0xFF;
    private static final int DPL_SHIFT = 8;
    private static final int TASK_GATE = 1 << 10;
    private static final int TSS_SHIFT = 16;
    private static final int NOTHING = 0xF800;
    private static final int IDT_ERROR_CODE = 1 << 1;

    public InterruptOperand {
        if ((vector & ~VECTOR) != 0 || gateDpl < 0 || gateDpl > 3 || tssSelector >>> TSS_SHIFT != 0) {
            throw new IllegalArgumentException("no interrupt: vector " + vector + ", DPL " + gateDpl);
        }
    }

    /** What a fault on the gate pushes (SDM vol. 3, 6.13). */
    int errorCode() {
        return vector << 3 | IDT_ERROR_CODE;
    }

    /** Whether there is such an operand. */
    static boolean exists(int operand) {
        return (operand & NOTHING) == 0;
    }

    public int pack() {
        return vector | gateDpl << DPL_SHIFT | (isTaskGate ? TASK_GATE : 0) | tssSelector << TSS_SHIFT;
    }

    public static InterruptOperand unpack(int operand) {
        return new InterruptOperand(
                operand & VECTOR, operand >>> DPL_SHIFT & 3, (operand & TASK_GATE) != 0, operand >>> TSS_SHIFT);
    }
}

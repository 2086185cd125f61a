package hvsim.cpu.instruction;

/**
 * A selector, with what matters of the descriptor that it selects.
 *
 * <pre>
 *  23..21 segment register | 20 a task's | 19 conforming code | 18 of no type it takes | 17..16 DPL | 15..0 selector
 * </pre>
 *
 * @param dpl privilege level of the descriptor, 0 to 3
 * @param isUnsuitable the descriptor is not there, or of a type that the instruction does not take
 * @param isConforming it is a conforming code segment
 * @param isTask it is a TSS or a task gate
 * @param register that is loaded: 0 ES, 1 CS, 2 SS, 3 DS, 4 FS, 5 GS
 */
public record SelectorOperand(
        int selector, int dpl, boolean isUnsuitable, boolean isConforming, boolean isTask, int register) {
    static final int CS = 1;
    static final int SS = 2;

    private static final int GS = 5;
    private static final int SELECTOR = 0xFFFF;
    private static final int TABLE = 1 << 2;
    private static final int DPL_SHIFT = 16;
    private static final int UNSUITABLE = 1 << 18;
    private static final int CONFORMING = 1 << 19;
    private static final int TASK = 1 << 20;
    private static final int REGISTER_SHIFT = 21;

    public SelectorOperand {
        if ((selector & ~SELECTOR) != 0 || dpl < 0 || dpl > 3 || register < 0 || register > GS) {
            throw new IllegalArgumentException("no selector: " + selector + ", DPL " + dpl + ", register " + register);
        }
    }

    /** Of an ordinary descriptor of that privilege level, into ES. */
    public static SelectorOperand of(int selector, int dpl) {
        return new SelectorOperand(selector, dpl, false, false, false, 0);
    }

    public int rpl() {
        return selector & 3;
    }

    public boolean isNull() {
        return selector >>> 2 == 0;
    }

    /** Whether it selects from the local descriptor table, which has no LDTs and TSSs. */
    boolean isLocal() {
        return (selector & TABLE) != 0;
    }

    /** Whether VERR, VERW, LAR or LSL at that privilege level sets ZF. */
    public boolean isAccessibleAt(int cpl) {
        return !isNull() && !isUnsuitable && (isConforming || dpl >= Math.max(cpl, rpl()));
    }

    /** What a fault on it pushes: the selector without its RPL. */
    int errorCode() {
        return selector & ~3;
    }

    /** Whether there is such an operand. */
    static boolean exists(int operand) {
        return operand >>> REGISTER_SHIFT <= GS;
    }

    public int pack() {
        return selector
                | dpl << DPL_SHIFT
                | (isUnsuitable ? UNSUITABLE : 0)
                | (isConforming ? CONFORMING : 0)
                | (isTask ? TASK : 0)
                | register << REGISTER_SHIFT;
    }

    public static SelectorOperand unpack(int operand) {
        return new SelectorOperand(
                operand & SELECTOR,
                operand >>> DPL_SHIFT & 3,
                (operand & UNSUITABLE) != 0,
                (operand & CONFORMING) != 0,
                (operand & TASK) != 0,
                operand >>> REGISTER_SHIFT & 7);
    }
}

package hvsim.vmm.cpu.translation;

import hvsim.cpu.KernelTranslation;
import hvsim.cpu.instruction.Operation;

/**
 * Where blocks of a kernel start and end. A fetch of 16 bytes brings one block of four instructions (four bytes each,
 * assumed); the references and the instructions that virtualization cares about, up to the next fetch, are of that block. An
 * instruction that a program names without having fetched anything has an address by rule, and is a block by itself:
 *
 * <pre>
 *   stubs + page of its number + line of its operand     63..12 | instruction | operand mod 64 | 000000
 * </pre>
 */
public final class Blocks {
    /** No block. */
    public static final long NONE = KernelTranslation.NO_CODE;

    /** Instructions of one. */
    public static final int INSTRUCTIONS = 4;

    /** Bytes of one. */
    public static final int BYTES = 16;

    /** Right below the top of the lower half: nothing else is there (assumed). */
    private static final long STUBS = 0x0000_7FFF_F000_0000L;

    private static final int PAGE_SHIFT = 12;
    private static final int LINE_SHIFT = 6;
    private static final int LINES = 64;

    private Blocks() {}

    /** Address of the block of an instruction that no fetch has brought. */
    public static long stub(Operation operation) {
        return STUBS
                | (long) operation.instruction().ordinal() << PAGE_SHIFT
                | (operation.operand() & LINES - 1) << LINE_SHIFT;
    }
}

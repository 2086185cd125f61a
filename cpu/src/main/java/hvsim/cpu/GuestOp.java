package hvsim.cpu;

import hvsim.cpu.instruction.Instruction;
import hvsim.tlb.AccessKind;

/**
 * Codec of the packed words that programs are made of: one header word, and a second word where an
 * operand needs it.
 *
 * <pre>
 *  63 61 60      57 56                                                      0
 * +-----+----------+---------------------------------------------------------+
 * |kind | size - 1 |            guest-virtual address, low 57 bits           |  FETCH READ WRITE MODIFY
 * +-----+----------+---------------------------------------------------------+
 * |  4  | access kind 60..59 |  0  | size in bytes 25..0 | + address word    |  WIDE: more than 16 bytes
 * |  4  | READ or WRITE 60..59 | value 57..26 | 4 bytes  | + address word    |  of a device's register, which has content
 * +-----+--------------------+-----+---------------------+-------------------+
 * |  5  | 60: payload | 59..58: CPL | operand 47..16 | number 7..0 | + value  |  INSTRUCTION; 50..48: changed
 * +-----+-------------+-------------+----------------+-------------+---------+
 * |  6  | operand 60..16 | KernelEvent number 7..0                           |  EVENT
 * +-----+----------------+---------------------------------------------------+
 * |  7  | 60..59: 0 WORK, 1 MARK, 2 PREMAP |  cycles, phase, address            |  not operations of the program
 * |     |         3 PASSAGE                |  1 to the host, 0 back             |
 * +-----+----------------------------------+---------------------------------+
 * </pre>
 *
 * A kernel that was changed for its hypervisor has other code in the place of an instruction: bit 48, it does the same
 * by itself; bit 49, it asks the hypervisor; bit 50, in one call with the one before.
 *
 * <p>A word is negative exactly when it is no plain memory reference. MODIFY is one reference and one look-up that
 * needs the rights to read and to write.
 */
public final class GuestOp {
    public static final int FETCH = AccessKind.FETCH;
    public static final int READ = AccessKind.READ;
    public static final int WRITE = AccessKind.WRITE;
    public static final int MODIFY = AccessKind.MODIFY;
    public static final int WIDE = 4;
    public static final int INSTRUCTION = 5;
    public static final int EVENT = 6;
    public static final int PSEUDO = 7;

    public static final int KIND_SHIFT = 61;
    public static final int SIZE_SHIFT = 57;
    public static final int MAX_PLAIN_SIZE_BYTES = 16;
    public static final int MAX_WIDE_SIZE_BYTES = 1 << 20;
    public static final long GVA_MASK = (1L << SIZE_SHIFT) - 1;

    private static final long PAYLOAD = 1L << 60;
    private static final int CPL_SHIFT = 58;
    private static final int WIDE_ACCESS_SHIFT = 59;
    private static final int WIDE_SIZE = (1 << 26) - 1;
    private static final int VALUE_SHIFT = 26;
    private static final int REGISTER_BYTES = 4;
    private static final int OPERAND_SHIFT = 16;
    private static final long IN_PLACE = 1L << 48;
    private static final long CALL = 1L << 49;
    private static final long JOINED = 1L << 50;
    private static final long EVENT_OPERAND = (1L << 45) - 1;
    private static final long PREMAP = 1L << 60;
    private static final long MARK = 1L << 59;
    private static final long PASSAGE = PREMAP | MARK;
    private static final long WORK_MASK = MARK - 1;

    private GuestOp() {}

    /** A reference of 1 to 16 bytes; {@code access} is FETCH, READ, WRITE or MODIFY. */
    public static long memory(int access, long gva, int sizeBytes) {
        return (long) access << KIND_SHIFT | (long) (sizeBytes - 1) << SIZE_SHIFT | gva & GVA_MASK;
    }

    /** Header of a reference of any size up to {@link #MAX_WIDE_SIZE_BYTES}; the address is the next word. */
    public static long wide(int access, int sizeBytes) {
        return (long) WIDE << KIND_SHIFT | (long) access << WIDE_ACCESS_SHIFT | sizeBytes;
    }

    /** Header of a read of 4 bytes of a device's register; the address is the next word. */
    public static long readRegister() {
        return wide(READ, REGISTER_BYTES);
    }

    /** Header of a write of 4 bytes to a device's register; the address is the next word. */
    public static long writeRegister(long value) {
        return wide(WRITE, REGISTER_BYTES) | (value & 0xFFFF_FFFFL) << VALUE_SHIFT;
    }

    /** An instruction without a second word. {@code operand} is the port or the MSR, else 0. */
    public static long instruction(Instruction instruction, int cpl, int operand) {
        return (long) INSTRUCTION << KIND_SHIFT
                | (long) cpl << CPL_SHIFT
                | (operand & 0xFFFF_FFFFL) << OPERAND_SHIFT
                | instruction.ordinal();
    }

    /** Header of an instruction whose 64-bit operand is the next word. */
    public static long instructionWithValue(Instruction instruction, int cpl, int operand) {
        return instruction(instruction, cpl, operand) | PAYLOAD;
    }

    static boolean isInstruction(long word, Instruction instruction) {
        return kind(word) == INSTRUCTION && number(word) == instruction.ordinal();
    }

    /** In the place of an instruction: software that comes to the same without executing it. */
    public static long inPlace(long instruction) {
        return instruction | IN_PLACE;
    }

    /** In the place of an instruction: a call of the hypervisor. */
    public static long call(long instruction) {
        return instruction | CALL;
    }

    /** The call is made together with the one before. */
    public static long joined(long call) {
        return call | JOINED;
    }

    static boolean isInPlace(long word) {
        return (word & IN_PLACE) != 0;
    }

    static boolean isCall(long word) {
        return (word & CALL) != 0;
    }

    static boolean isJoined(long word) {
        return kind(word) == INSTRUCTION && (word & JOINED) != 0;
    }

    /** Something the guest's kernel does, such as a switch to process {@code operand}, or with a page of that number. */
    public static long event(KernelEvent event, long operand) {
        return (long) EVENT << KIND_SHIFT | (operand & EVENT_OPERAND) << OPERAND_SHIFT | event.ordinal();
    }

    /** Operand of an event: a number of 45 bits, as page numbers have. */
    static long eventOperand(long word) {
        return word >>> OPERAND_SHIFT & EVENT_OPERAND;
    }

    /** Computation that touches no memory; not counted as an operation. */
    public static long work(long cycles) {
        return (long) PSEUDO << KIND_SHIFT | cycles & WORK_MASK;
    }

    /**
     * The loader maps the page of {@code gva} free of charge, because the program will touch it for the
     * first time; not counted as an operation. Kernels with demand paging ignore it.
     */
    public static long premap(long gva) {
        return (long) PSEUDO << KIND_SHIFT | PREMAP | gva & GVA_MASK;
    }

    /**
     * A place in the program that whoever counts wants to know of; not counted as an operation.
     *
     * @param phase that begins here; 0: counting starts
     */
    public static long mark(int phase) {
        return (long) PSEUDO << KIND_SHIFT | MARK | phase;
    }

    /** In root mode: what follows is the host's work, or the hypervisor's again; not counted as an operation. */
    public static long passage(boolean toHost) {
        return (long) PSEUDO << KIND_SHIFT | PASSAGE | (toHost ? 1 : 0);
    }

    public static int kind(long word) {
        return (int) (word >>> KIND_SHIFT);
    }

    public static long gva(long word) {
        return word & GVA_MASK;
    }

    /** The address as the processor has it: bits 63 to 57 are copies of bit 56. */
    public static long canonical(long word) {
        return word << Long.SIZE - SIZE_SHIFT >> Long.SIZE - SIZE_SHIFT;
    }

    /** Size in bytes of a plain memory reference. */
    public static int sizeBytes(long word) {
        return (int) (word >>> SIZE_SHIFT & 0xF) + 1;
    }

    public static int wideAccess(long word) {
        return (int) (word >>> WIDE_ACCESS_SHIFT & 3);
    }

    public static int wideSizeBytes(long word) {
        return (int) word & WIDE_SIZE;
    }

    /** What a reference writes, where it says so; else 0. */
    static long writtenValue(long word) {
        return kind(word) == WIDE ? word >>> VALUE_SHIFT & 0xFFFF_FFFFL : 0;
    }

    /** Whether a reference writes, and does not read or fetch. */
    static boolean writes(long word) {
        return (kind(word) == WIDE ? wideAccess(word) : kind(word)) == WRITE;
    }

    public static int number(long word) {
        return (int) word & 0xFF;
    }

    public static int operand(long word) {
        return (int) (word >>> OPERAND_SHIFT);
    }

    public static int cpl(long word) {
        return (int) (word >>> CPL_SHIFT & 3);
    }

    public static boolean isPremap(long word) {
        return (word & PASSAGE) == PREMAP;
    }

    public static boolean isMark(long word) {
        return (word & PASSAGE) == MARK;
    }

    static boolean isPassage(long word) {
        return (word & PASSAGE) == PASSAGE;
    }

    static boolean isToHost(long word) {
        return (word & 1) != 0;
    }

    public static long workCycles(long word) {
        return word & WORK_MASK;
    }

    /** Words the operation takes: 1 or 2. */
    public static int words(long word) {
        int kind = kind(word);
        return kind == WIDE || kind == INSTRUCTION && (word & PAYLOAD) != 0 ? 2 : 1;
    }
}

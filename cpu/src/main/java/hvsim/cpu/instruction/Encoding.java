package hvsim.cpu.instruction;

import java.util.stream.Stream;

/**
 * What of an instruction's encoding a VM exit reports.
 *
 * @param lengthBytes VM-exit instruction length
 * @param register number of the general register that is source or destination, where it has one
 * @param secondRegister number of the general register that names a type or a field, where it has one
 * @param memory the operand in memory, or {@link MemoryOperand#NONE}
 */
public record Encoding(int lengthBytes, int register, int secondRegister, MemoryOperand memory) {
    private static final int RAX = 0;
    private static final int RCX = 1;

    public Encoding(int lengthBytes, int register, MemoryOperand memory) {
        this(lengthBytes, register, RCX, memory);
    }

    /** The usual encoding: RAX, RCX as second register, and a memory operand at (RAX) where it has to have one. */
    public static Encoding usualOf(Instruction instruction) {
        return Usual.BY_NUMBER[instruction.ordinal()];
    }

    /** Made once, as every instruction of a program is decoded with it. */
    private static final class Usual {
        static final Encoding[] BY_NUMBER = Stream.of(Instruction.values())
                .map(instruction -> new Encoding(
                        instruction.lengthBytes(),
                        RAX,
                        RCX,
                        instruction.needsMemory() ? MemoryOperand.AT_RAX : MemoryOperand.NONE))
                .toArray(Encoding[]::new);
    }

    /**
     * An operand in memory.
     *
     * @param segment 0 ES, 1 CS, 2 SS, 3 DS, 4 FS, 5 GS
     * @param base number of the general register, or {@link #NO_REGISTER}
     * @param index number of the general register, or {@link #NO_REGISTER}
     * @param scaling log2 of what the index is multiplied by: 0 to 3
     * @param addressSizeBits 16, 32 or 64
     * @param displacement sign-extended; relative to RIP, with the address of the next instruction added
     */
    public record MemoryOperand(int segment, int base, int index, int scaling, int addressSizeBits, long displacement) {
        public static final int NO_REGISTER = -1;

        /** The operand is a register, or there is none. */
        public static final MemoryOperand NONE = new MemoryOperand(3, NO_REGISTER, NO_REGISTER, 0, 0, 0);

        /** (RAX) in DS. */
        public static final MemoryOperand AT_RAX = new MemoryOperand(3, RAX, NO_REGISTER, 0, 64, 0);

        public boolean isNone() {
            return addressSizeBits == 0;
        }
    }
}

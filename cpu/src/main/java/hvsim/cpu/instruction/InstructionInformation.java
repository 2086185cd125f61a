package hvsim.cpu.instruction;

import hvsim.cpu.instruction.Encoding.MemoryOperand;

/**
 * VM-exit instruction information, field 440EH. Bits that the manual leaves undefined are 0.
 *
 * <pre>
 *                      memory operand   9:7    10   12:11  6:3       31:28   29:28
 *  INS, OUTS           17:15 (OUTS)     size
 *  INVEPT/VPID/PCID    yes              size    0                    second
 *  SGDT ... LIDT       yes              size    0                            identity
 *  SLDT ... LTR        or a register    size   reg         register          identity
 *  RDRAND ... TPAUSE                                size   register
 *  VMCLEAR ... XSAVES  yes              size    0
 *  VMREAD, VMWRITE     or a register    size   reg         register  second
 *
 *  size: 0, 1, 2 for 16, 32, 64 bits of address (9:7) or operand (12:11)
 *  memory operand: 1:0 scaling, 17:15 segment, 21:18 index, 22 no index, 26:23 base, 27 no base
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), tables 27-8 to 27-14.
 */
final class InstructionInformation {
    private static final int REGISTER_SHIFT = 3;
    private static final int ADDRESS_SIZE_SHIFT = 7;
    private static final int IS_REGISTER = 1 << 10;
    private static final int OPERAND_SIZE_SHIFT = 11;
    private static final int SEGMENT_SHIFT = 15;
    private static final int INDEX_SHIFT = 18;
    private static final int NO_INDEX = 1 << 22;
    private static final int BASE_SHIFT = 23;
    private static final int NO_BASE = 1 << 27;
    private static final int IDENTITY_SHIFT = 28;
    private static final int SECOND_SHIFT = 28;
    private static final int BITS_64 = 2;
    private static final int BITS_32 = 1;

    private InstructionInformation() {}

    static long of(Operation o) {
        Encoding e = o.encoding();
        return switch (o.instruction()) {
            case INS -> addressSize(e.memory());
            case OUTS -> addressSize(e.memory()) | (long) e.memory().segment() << SEGMENT_SHIFT;
            case INVEPT, INVVPID, INVPCID -> memory(e.memory()) | second(e);
            case SGDT -> memory(e.memory());
            case SIDT -> memory(e.memory()) | 1L << IDENTITY_SHIFT;
            case LGDT -> memory(e.memory()) | 2L << IDENTITY_SHIFT;
            case LIDT -> memory(e.memory()) | 3L << IDENTITY_SHIFT;
            case SLDT -> registerOrMemory(e);
            case STR -> registerOrMemory(e) | 1L << IDENTITY_SHIFT;
            case LLDT -> registerOrMemory(e) | 2L << IDENTITY_SHIFT;
            case LTR -> registerOrMemory(e) | 3L << IDENTITY_SHIFT;
            case RDRAND, RDSEED -> register(e) | BITS_64 << OPERAND_SIZE_SHIFT;
            case UMWAIT, TPAUSE -> register(e) | BITS_32 << OPERAND_SIZE_SHIFT;
            case VMCLEAR, VMPTRLD, VMPTRST, VMXON, XSAVES, XRSTORS -> memory(e.memory());
            case VMREAD, VMWRITE -> registerOrMemory(e) | second(e);
            default -> 0;
        };
    }

    /** Whether the exit of an instruction tells the displacement of an operand in memory. */
    static boolean hasMemoryForm(Instruction instruction) {
        return switch (instruction) {
            case INVEPT,
                    INVVPID,
                    INVPCID,
                    SGDT,
                    SIDT,
                    LGDT,
                    LIDT,
                    SLDT,
                    STR,
                    LLDT,
                    LTR,
                    VMCLEAR,
                    VMPTRLD,
                    VMPTRST,
                    VMXON,
                    XSAVES,
                    XRSTORS,
                    VMREAD,
                    VMWRITE -> true;
            default -> false;
        };
    }

    private static long register(Encoding e) {
        return (long) e.register() << REGISTER_SHIFT;
    }

    private static long second(Encoding e) {
        return (long) e.secondRegister() << SECOND_SHIFT;
    }

    private static long registerOrMemory(Encoding e) {
        return e.memory().isNone() ? IS_REGISTER | register(e) : memory(e.memory());
    }

    private static long addressSize(MemoryOperand m) {
        return (long) (m.addressSizeBits() >>> 5) << ADDRESS_SIZE_SHIFT;
    }

    private static long memory(MemoryOperand m) {
        boolean index = m.index() != MemoryOperand.NO_REGISTER;
        boolean base = m.base() != MemoryOperand.NO_REGISTER;
        return addressSize(m)
                | (long) m.segment() << SEGMENT_SHIFT
                | (index ? m.scaling() | (long) m.index() << INDEX_SHIFT : NO_INDEX)
                | (base ? (long) m.base() << BASE_SHIFT : NO_BASE);
    }
}

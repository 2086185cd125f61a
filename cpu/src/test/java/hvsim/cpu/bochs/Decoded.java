package hvsim.cpu.bochs;

import hvsim.cpu.instruction.Encoding;
import hvsim.cpu.instruction.Encoding.MemoryOperand;

/** An instruction of 64-bit mode by its bytes: as much as the forms of the image need (SDM vol. 2, chapter 2). */
final class Decoded {
    private static final int REX_X = 2;
    private static final int REX_R = 4;
    private static final int NO_INDEX = 4;
    private static final int DS = 3;
    private static final int FS = 4;

    private final int[] bytes;
    private int at;
    private int segment = DS;
    private int rex;

    boolean operandSize16;
    boolean repeated;

    /** The last byte of the opcode. */
    int opcode;

    int mod;

    /** Field reg of the byte ModRM, with REX.R. */
    int reg;

    /** Field rm of the byte ModRM, with REX.B. */
    int rm;

    MemoryOperand memory = MemoryOperand.NONE;

    Decoded(String hexadecimal) {
        bytes = new int[hexadecimal.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = Integer.parseInt(hexadecimal, 2 * i, 2 * i + 2, 16);
        }
        prefixes();
        opcode = next();
        boolean two = opcode == 0x0F;
        if (two) {
            opcode = next();
        }
        if (two && opcode == 0x38) {
            opcode = next();
        }
        if (at < bytes.length && !isImmediatePort(two)) {
            modRm();
        }
    }

    int length() {
        return bytes.length;
    }

    /** The immediate at the end. */
    int immediate() {
        return bytes[bytes.length - 1];
    }

    boolean isImmediatePort(boolean twoByteOpcode) {
        return !twoByteOpcode && (opcode & 0xFC) == 0xE4;
    }

    private int next() {
        return bytes[at++];
    }

    private void prefixes() {
        while (true) {
            switch (bytes[at]) {
                case 0x66 -> operandSize16 = true;
                case 0xF3, 0xF2 -> repeated = true;
                case 0x64 -> segment = FS;
                default -> {
                    if (bytes[at] >>> 4 == 4) {
                        rex = next() & 0xF;
                    }
                    return;
                }
            }
            at++;
        }
    }

    private void modRm() {
        int modRm = next();
        mod = modRm >>> 6;
        reg = modRm >>> 3 & 7 | (rex & REX_R) << 1;
        rm = modRm & 7 | (rex & 1) << 3;
        if (mod == 3) {
            return;
        }
        int base = rm;
        int index = MemoryOperand.NO_REGISTER;
        int scaling = 0;
        if ((modRm & 7) == 4) {
            int sib = next();
            base = sib & 7 | (rex & 1) << 3;
            int field = sib >>> 3 & 7 | (rex & REX_X) << 2;
            index = field == NO_INDEX ? MemoryOperand.NO_REGISTER : field;
            scaling = index == MemoryOperand.NO_REGISTER ? 0 : sib >>> 6;
        }
        memory = new MemoryOperand(segment, base, index, scaling, 64, displacement());
    }

    private long displacement() {
        if (mod == 1) {
            return (byte) next();
        }
        return mod == 2 ? next() | next() << 8 | next() << 16 | next() << 24 : 0;
    }

    /** As exits report it, where {@code register} is the operand that is a register. */
    Encoding encoding(int register, int second) {
        return new Encoding(length(), register, second, memory);
    }
}

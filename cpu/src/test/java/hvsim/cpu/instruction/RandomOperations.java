package hvsim.cpu.instruction;

import hvsim.cpu.instruction.Encoding.MemoryOperand;
import hvsim.cpu.state.Registers;
import java.util.SplittableRandom;

/**
 * Operands and encodings at random, most of them near where an instruction decides.
 *
 * <p>Left out, as processors differ in it: which leaf functions and which performance counters there are.
 */
final class RandomOperations {
    private static final long[] MSRS = {
        0x10, 0x174, 0x6E0, 0xDA0, 0x1FFF, 0xC000_0080L, 0xC000_0082L, 0xC000_0100L, 0xC000_1FFFL
    };
    private static final long[] NO_MSRS = {0x2000, 0x4000_0000, 0xBFFF_FFFFL, 0xC000_2000L};

    private static final int[] PORTS = {0, 0x40, 0x60, 0xFF, 0x3F8, 0x7FFD, 0x7FFE, 0x7FFF, 0x8000, 0xFFFD, 0xFFFF};
    private static final long[] ADDRESSES = {0, 0x1000, 0x7FFF_FFFF_F000L, -4096, 1L << 47, 1L << 56, 1L << 62};

    private final SplittableRandom random;

    RandomOperations(SplittableRandom random) {
        this.random = random;
    }

    Operation next(Instruction i, Processor p) {
        Encoding encoding = encoding(i, p.registers());
        return switch (i.operand()) {
            case NONE, CONDITION -> new Operation(i, random.nextInt(2), 0, encoding);
            case PORT -> new Operation(i, port(i), address(), encoding);
            case MSR, MSR_VALUE -> msr(i, p.registers(), encoding);
            case VALUE -> new Operation(i, 0, value(i, p), encoding);
            case GVA, PHYSICAL_ADDRESS -> new Operation(i, 0, address(), encoding);
            case NUMBER, NUMBER_VALUE -> numbered(i, p, encoding);
            case STATUS_WORD -> statusWord(i, encoding);
            case INVPCID_DESCRIPTOR -> new Operation(i, invpcid(), address(), encoding);
            case INVVPID_DESCRIPTOR, INVEPT_DESCRIPTOR -> new Operation(i, random.nextInt(5), address(), encoding);
            case SELECTOR -> new Operation(i, selector(i, p), 0, encoding);
            case RETURN -> new Operation(i, random.nextInt(0x1_0000), flags(p, true), encoding);
            case INTERRUPT -> new Operation(i, interrupt(), 0, encoding);
            case LEAF -> new Operation(i, pick(0, 1, 5, 62, 63, 64, 0xFFFF_FFFFL), 0, encoding);
            case VM_FUNCTION -> new Operation(i, pick(0, 0, 0, 0, 1, 63, 64), pick(0, 1, 2, 3, 511, 512), encoding);
            case VMCS_FIELD -> new Operation(i, field(p), 0, encoding);
            case HINTS -> new Operation(i, pick(0, 0, 1, 2, 8), 0, encoding);
        };
    }

    private long pick(long... from) {
        return from[random.nextInt(from.length)];
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private long address() {
        return pick(ADDRESSES);
    }

    /** A memory operand where there can be one; a register in its place now and then. */
    private Encoding encoding(Instruction i, Registers r) {
        boolean canBeMemory = i.needsMemory()
                || switch (i) {
                    case LLDT, LTR, SLDT, STR, VMREAD, VMWRITE -> true;
                    default -> false;
                };
        boolean memory = canBeMemory && !oneIn(8);
        int registers = r.is64BitMode() ? 16 : 8;
        MemoryOperand at = new MemoryOperand(
                random.nextInt(6),
                random.nextInt(registers),
                random.nextInt(registers),
                random.nextInt(4),
                r.is64BitMode() ? 64 : 32,
                r.is64BitMode() ? random.nextInt() : random.nextInt(1 << 20));
        return new Encoding(
                1 + random.nextInt(15),
                random.nextInt(registers),
                random.nextInt(registers),
                memory ? at : MemoryOperand.NONE);
    }

    private long port(Instruction i) {
        boolean string = i == Instruction.INS || i == Instruction.OUTS;
        int port = PORTS[random.nextInt(PORTS.length)];
        boolean immediate = !string && port < 0x100 && random.nextBoolean();
        boolean repeated = string && random.nextBoolean();
        return new PortOperand(port, 1 << random.nextInt(3), immediate, repeated, random.nextBoolean()).pack();
    }

    private Operation msr(Instruction i, Registers r, Encoding encoding) {
        long msr = oneIn(4) ? pick(NO_MSRS) : pick(MSRS);
        long value = 0;
        if (msr == 0xC000_0080L) {
            value = r.efer ^ pick(0, 0, 1, 1 << 20, 1 << 8);
        } else if (msr == 0xC000_0082L || msr == 0xC000_0100L) {
            value = address();
        }
        return new Operation(i, msr, value, encoding);
    }

    private long value(Instruction i, Processor p) {
        Registers r = p.registers();
        long value = switch (i) {
            case LGDT, LIDT, MOV_TO_CR2 -> address();
            case MOV_TO_CR0 -> r.cr0 ^ flipped(0, 1, 2, 3, 5, 16, 18, 29, 30, 31, 31, 31, 32);
            case MOV_TO_CR3 -> pick(0, 0x1000, 0x2000, 0x3000, 0x4000, 1L << 63 | 0x1000, 1L << 55);
            case MOV_TO_CR4 -> r.cr4 ^ flipped(0, 1, 2, 3, 5, 7, 8, 11, 12, 13, 14, 17, 18, 31, 40);
            case MOV_TO_CR8 -> pick(0, 4, 5, 5, 5, 6, 16);
            case POPF, POPFD, POPFQ -> flags(p, false);
            case XSAVES, XRSTORS, XSAVE, XRSTOR -> random.nextInt(0x1_0000);
            default -> 0;
        };
        return r.is64BitMode() ? value : value & 0xFFFF_FFFFL;
    }

    /** None to two of these bits. */
    private long flipped(int... bits) {
        long mask = 0;
        for (int n = random.nextInt(3); n > 0; n--) {
            mask ^= 1L << bits[random.nextInt(bits.length)];
        }
        return mask;
    }

    /** A task that ends takes its flags from a TSS, not from this image: then it is the same as the flags. */
    private long flags(Processor p, boolean isReturn) {
        Registers r = p.registers();
        boolean endsTask = isReturn && (r.rflags & Registers.RFLAGS_NT) != 0;
        return endsTask ? r.rflags : r.rflags ^ flipped(0, 6, 9, 9, 12, 13);
    }

    private Operation numbered(Instruction i, Processor p, Encoding encoding) {
        boolean upper =
                oneIn(4) && (p.registers().dr7 & 1 << 13) == 0 && p.registers().is64BitMode();
        return switch (i) {
            case MOV_TO_DR, MOV_FROM_DR -> new Operation(i, random.nextInt(8), upper ? 1L << 40 : 0x400, encoding);
            case RDPMC -> new Operation(i, 0, 0, encoding);
            case XSETBV -> new Operation(i, pick(0, 0, 0, 2), pick(1, 3, 7, 0xE7, 0, 5, 0x27, 0xE3, 1 << 20), encoding);
            default -> new Operation(i, pick(0, 0, 5), pick(0, 0, 1L << 40), encoding);
        };
    }

    private Operation statusWord(Instruction i, Encoding encoding) {
        LmswOperand operand = new LmswOperand(random.nextInt(0x1_0000), random.nextBoolean());
        return new Operation(i, operand.pack(), operand.isMemory() ? address() : 0, encoding);
    }

    private long invpcid() {
        int type = oneIn(6) ? 4 + random.nextInt(12) : random.nextInt(4);
        return new InvpcidOperand(type, oneIn(2) ? 0 : random.nextInt(0x1000), oneIn(8)).pack();
    }

    /** POP of ES, SS or DS has no encoding in 64-bit mode: what it would do is left open. */
    private long selector(Instruction i, Processor p) {
        boolean fsOrGs = i == Instruction.POP_SREG && p.registers().is64BitMode();
        boolean canBeTask = i == Instruction.CALL_FAR || i == Instruction.JMP_FAR;
        boolean isTask = canBeTask && oneIn(3);
        int index = oneIn(5) ? 0 : 8 * (1 + random.nextInt(8));
        int table = index != 0 && oneIn(4) && !isTask ? 4 : 0;
        return new SelectorOperand(
                        index | table | random.nextInt(4),
                        random.nextInt(4),
                        oneIn(5),
                        !isTask && oneIn(4),
                        isTask,
                        fsOrGs ? 4 + random.nextInt(2) : random.nextInt(6))
                .pack();
    }

    private long interrupt() {
        return new InterruptOperand(
                        random.nextInt(0x100), random.nextInt(4), random.nextBoolean(), random.nextInt(0x1_0000))
                .pack();
    }

    private long field(Processor p) {
        long field = pick(0x4000, 0x4002, 0x681E, 0x7FFF, 0x8000, 0x1_4000, 1L << 40 | 0x4000);
        return p.registers().is64BitMode() ? field : field & 0xFFFF_FFFFL;
    }
}

package hvsim.vmm;

import hvsim.cpu.GuestOp;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InterruptOperand;
import hvsim.cpu.instruction.SelectorOperand;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What a guest whose kernel is deprivileged sees of sensitive unprivileged instructions, beside what it sees at a privilege
 * of its own: two small processors, one for each, that know nothing but these.
 *
 * <p>Source: Intel SDM vol. 2 (325383-059US) of each instruction; Robin and Irvine (2000).
 */
final class SensitiveOracle {
    private static final long CF = 1;
    private static final long ZF = 1 << 6;
    private static final long IF = 1 << 9;
    private static final long IOPL = 3 << 12;
    private static final long ARITHMETIC = CF | ZF;

    /** All that Robin and Irvine list, in all operand sizes; what changes flags for good; and some that are innocuous. */
    static final List<Instruction> INSTRUCTIONS = List.of(
            Instruction.SGDT,
            Instruction.SIDT,
            Instruction.SLDT,
            Instruction.STR,
            Instruction.SMSW,
            Instruction.PUSHF,
            Instruction.PUSHFD,
            Instruction.PUSHFQ,
            Instruction.POPF,
            Instruction.POPFD,
            Instruction.POPFQ,
            Instruction.IRET,
            Instruction.LAR,
            Instruction.LSL,
            Instruction.VERR,
            Instruction.VERW,
            Instruction.PUSH_SREG,
            Instruction.MOV_FROM_SREG,
            Instruction.POP_SREG,
            Instruction.MOV_TO_SREG,
            Instruction.CALL_FAR,
            Instruction.JMP_FAR,
            Instruction.RET_FAR,
            Instruction.INT_N,
            Instruction.CLI,
            Instruction.STI,
            Instruction.CPUID,
            Instruction.MOV_FROM_CR0);

    /**
     * POPF and IRET do so only where flags are looked at later, and INT n never: it traps, to whoever has the IDT. What a far
     * return may lead to without privilege it may at every CPL.
     */
    static final Set<Instruction> SHOW_NO_DIFFERENCE = EnumSet.of(
            Instruction.POPF,
            Instruction.POPFD,
            Instruction.POPFQ,
            Instruction.IRET,
            Instruction.INT_N,
            Instruction.RET_FAR,
            Instruction.CPUID,
            Instruction.MOV_FROM_CR0);

    private static final int UNUSED_VECTOR = 0x90;

    private final int kernelCpl;
    private long nativeFlags = IF;
    private long keptFlags = IF;
    private boolean zfDiffers;

    /** @param kernelCpl where the guest's kernel runs in truth */
    SensitiveOracle(int kernelCpl) {
        this.kernelCpl = kernelCpl;
    }

    /**
     * One instruction of a program.
     *
     * @param flags of POPF and IRET
     */
    record Step(Instruction instruction, int cpl, SelectorOperand selector, long flags) {
        static Step random(Random random, int kernelCpl) {
            SelectorOperand selector = new SelectorOperand(
                    0x10 | level(random, kernelCpl),
                    level(random, kernelCpl),
                    false,
                    random.nextInt(4) == 0,
                    false,
                    random.nextInt(6));
            long flags = (random.nextBoolean() ? IF : 0) | (random.nextInt(3) == 0 ? IOPL : 0) | random.nextInt(2);
            return new Step(
                    INSTRUCTIONS.get(random.nextInt(INSTRUCTIONS.size())), 3 * random.nextInt(2), selector, flags);
        }

        /** Mostly one of those that kernels and users have, or believe to have. */
        private static int level(Random random, int kernelCpl) {
            return switch (random.nextInt(4)) {
                case 0 -> random.nextInt(4);
                case 1 -> kernelCpl;
                default -> 3 * random.nextInt(2);
            };
        }

        void addTo(List<Long> words) {
            switch (instruction) {
                case POPF, POPFD, POPFQ, IRET -> {
                    words.add(GuestOp.instructionWithValue(instruction, cpl, 0));
                    words.add(flags);
                }
                case LAR, LSL, VERR, VERW, POP_SREG, MOV_TO_SREG, CALL_FAR, JMP_FAR, RET_FAR ->
                    words.add(GuestOp.instruction(instruction, cpl, selector.pack()));
                case INT_N ->
                    words.add(GuestOp.instruction(
                            instruction, cpl, new InterruptOperand(UNUSED_VECTOR, selector.dpl(), false, 0).pack()));
                default -> words.add(GuestOp.instruction(instruction, cpl, 0));
            }
        }
    }

    /** Whether the deprivileged guest sees another value or fault; and both go on to the next instruction. */
    boolean differs(Step step) {
        int cpl = step.cpl;
        int real = Math.max(cpl, kernelCpl);
        SelectorOperand s = step.selector;
        return switch (step.instruction) {
            case SGDT, SIDT, SLDT, STR, SMSW -> true;
            case PUSHF, PUSHFD, PUSHFQ -> (nativeFlags & (IF | IOPL)) != IF || zfDiffers;
            case POPF, POPFD, POPFQ, IRET -> {
                boolean changesIf = cpl <= iopl(nativeFlags);
                long changes = ARITHMETIC | (changesIf ? IF : 0) | (cpl == 0 ? IOPL : 0);
                nativeFlags = nativeFlags & ~changes | step.flags & changes;
                zfDiffers = false;
                yield false;
            }
            case LAR, LSL, VERR, VERW -> {
                boolean natively = isAccessible(s, cpl);
                zfDiffers = natively != isAccessible(s, real);
                yield zfDiffers;
            }
            case PUSH_SREG, MOV_FROM_SREG -> cpl != real;
            case POP_SREG, MOV_TO_SREG -> isLoadable(s, real) && !isLoadable(s, cpl);
            case CALL_FAR, JMP_FAR -> admitsTransfer(s, real) && !admitsTransfer(s, cpl);
            case RET_FAR -> admitsReturn(s, real) && !admitsReturn(s, cpl);
            case CLI, STI -> {
                boolean natively = cpl <= iopl(nativeFlags);
                boolean kept = cpl <= iopl(keptFlags);
                long set = step.instruction == Instruction.STI ? IF : 0;
                nativeFlags = natively ? nativeFlags & ~IF | set : nativeFlags;
                keptFlags = kept ? keptFlags & ~IF | set : keptFlags;
                yield natively != kept;
            }
            default -> false;
        };
    }

    private static int iopl(long flags) {
        return (int) (flags & IOPL) >>> 12;
    }

    private static boolean isAccessible(SelectorOperand s, int cpl) {
        return s.isConforming() || s.dpl() >= Math.max(cpl, s.rpl());
    }

    /** CS is never loaded so; SS takes what is exactly of the privilege, the others what is no more privileged. */
    private static boolean isLoadable(SelectorOperand s, int cpl) {
        return switch (s.register()) {
            case 1 -> false;
            case 2 -> !s.isConforming() && s.rpl() == cpl && s.dpl() == cpl;
            default -> isAccessible(s, cpl);
        };
    }

    private static boolean admitsTransfer(SelectorOperand s, int cpl) {
        return s.isConforming() ? s.dpl() <= cpl : s.rpl() <= cpl && s.dpl() == cpl;
    }

    private static boolean admitsReturn(SelectorOperand s, int cpl) {
        return s.rpl() >= cpl && (s.isConforming() ? s.dpl() <= s.rpl() : s.dpl() == s.rpl());
    }
}

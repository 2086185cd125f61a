package hvsim.cpu.bochs;

import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.ControlRegisterValues;
import hvsim.cpu.instruction.Decision;
import hvsim.cpu.instruction.Encoding;
import hvsim.cpu.instruction.Encoding.MemoryOperand;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InstructionRules;
import hvsim.cpu.instruction.InterruptOperand;
import hvsim.cpu.instruction.InvpcidOperand;
import hvsim.cpu.instruction.LmswOperand;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.PortOperand;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.InterruptionType;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** An instruction that was recorded: how it was written, the processor's state, and what became of it. */
final class InstructionCase {
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    final Recording recording;
    final String name;
    final int cpl;
    final Decoded code;

    /** By the image's letter: v, s, r, b, m, k. */
    final InstructionInputs inputs;

    final Processor processor;

    /** The line of the outcome, without the sign. */
    final List<String> recorded;

    InstructionCase(Recording recording, String[] line, InstructionInputs inputs, List<String> recorded) {
        this.recording = recording;
        this.name = line[1];
        this.cpl = Integer.parseInt(line[2]);
        this.code = new Decoded(line[3]);
        this.inputs = inputs;
        this.recorded = recorded;
        this.processor = inputs.processor(cpl, portOrMsr());
    }

    Instruction instruction() {
        return Instruction.valueOf(
                switch (name) {
                    case "pushf" -> "PUSHFQ";
                    case "popf" -> "POPFQ";
                    case "push_fs" -> "PUSH_SREG";
                    case "pop_fs" -> "POP_SREG";
                    case "int" -> "INT_N";
                    default -> name.toUpperCase(Locale.ROOT);
                });
    }

    Decision decision() {
        return InstructionRules.decide(operation(), processor);
    }

    long rdi() {
        return inputs.register("rdi");
    }

    long rax() {
        return inputs.register("rax");
    }

    long rcx() {
        return inputs.register("rcx");
    }

    /** EDX:EAX. */
    long pair() {
        return inputs.register("rdx") << 32 | rax() & LOW_HALF;
    }

    /** Linear address of the operand in memory. */
    long address() {
        MemoryOperand m = code.memory;
        long index = m.index() == MemoryOperand.NO_REGISTER ? 0 : inputs.register("r8") << m.scaling();
        return rdi() + index + m.displacement();
    }

    private int portOrMsr() {
        return isPort() ? port().port() : (int) rcx();
    }

    private boolean isPort() {
        return List.of("in", "out", "ins", "outs").contains(name);
    }

    private PortOperand port() {
        boolean immediate = code.isImmediatePort(false);
        int port = (int) (immediate ? code.immediate() : inputs.register("rdx") & 0xFFFF);
        int bytes = (code.opcode & 1) == 0 ? 1 : code.operandSize16 ? 2 : 4;
        long allPorts = (1L << bytes) - 1;
        return new PortOperand(port, bytes, immediate, code.repeated, (inputs.bits(1) & allPorts) == 0);
    }

    /** What the model is asked. */
    Operation operation() {
        return new Operation(instruction(), operand(), value(), encoding());
    }

    private long operand() {
        return switch (instruction()) {
            case IN, OUT, INS, OUTS -> port().pack();
            case RDMSR, WRMSR, RDPMC, XGETBV, XSETBV, MONITOR, MWAIT -> rcx() & LOW_HALF;
            case MOV_TO_DR, MOV_FROM_DR -> code.reg & 7;
            case LMSW -> new LmswOperand((int) statusWord() & 0xFFFF, !code.memory.isNone()).pack();
            case INVPCID -> invpcid().pack();
            case LLDT -> inputs.selector(selector(), 0, type -> type == 2);
            case LTR -> inputs.selector(selector(), 0, type -> type == 9);
            case VERR, VERW, LAR, LSL -> inputs.selector(selector(), 0);
            case POP_SREG -> inputs.selector((int) inputs.stack(0) & 0xFFFF, 4);
            case MOV_TO_SREG -> inputs.selector((int) rax() & 0xFFFF, 5);
            case INT_N -> new InterruptOperand(code.immediate(), 3, false, 0).pack();
            case ENCLS, GETSEC, VMFUNC -> rax() & LOW_HALF;
            case VMREAD, VMWRITE -> inputs.register("rbx");
            case INVEPT, INVVPID -> rax() & 3;
            default -> 0;
        };
    }

    private int selector() {
        return (int) (code.memory.isNone() ? rax() : inputs.memory(address() - rdi())) & 0xFFFF;
    }

    private long statusWord() {
        return code.memory.isNone() ? rax() : inputs.memory(0);
    }

    private InvpcidOperand invpcid() {
        long descriptor = inputs.memory(address() - rdi());
        int type = (int) Math.min(Long.compareUnsigned(rax(), 15) < 0 ? rax() : 15, 15);
        return new InvpcidOperand(type, (int) descriptor & 0xFFF, descriptor >>> 12 != 0);
    }

    private long value() {
        return switch (instruction()) {
            case WRMSR, XSETBV, XSAVES, XRSTORS -> pair();
            case INVLPG, LMSW, INS -> address();
            case OUTS -> inputs.register("rsi");
            case INVPCID -> inputs.memory(address() - rdi() + 8);
            case LGDT, LIDT -> inputs.memory(address() - rdi()) >>> 16 | inputs.memory(address() - rdi() + 8) << 48;
            case MOV_TO_DR, MOV_TO_CR2 -> inputs.byNumber(code.rm);
            case MOV_TO_CR0, MOV_TO_CR3, MOV_TO_CR4, MOV_TO_CR8 -> rax();
            case POPFQ -> inputs.stack(0);
            case VMFUNC -> rcx() & LOW_HALF;
            default -> 0;
        };
    }

    private Encoding encoding() {
        return switch (instruction()) {
            case VMREAD, VMWRITE -> code.encoding(code.rm, code.reg);
            case INVEPT, INVVPID, INVPCID -> code.encoding(0, code.reg);
            case INS, OUTS -> new Encoding(code.length(), 0, new MemoryOperand(3, 7, -1, 0, 64, 0));
            default -> code.encoding(code.rm, 0);
        };
    }

    boolean isModelled(Decision.Kind kind) {
        return decision().kind() == kind;
    }

    boolean isRecordedFault(String... vectors) {
        return recorded.get(0).equals("fault") && List.of(vectors).contains(recorded.get(1));
    }

    boolean isRecordedExit(String... reasons) {
        return recorded.get(0).equals("exit") && List.of(reasons).contains(recorded.get(1));
    }

    /** What the model comes to: {@code executes}, {@code fault VECTOR ERROR} or {@code exit REASON ...}. */
    String modelled() {
        return modelled(-1, 0);
    }

    /** The same, with other bits in the instruction information. */
    String modelled(long kept, long set) {
        Decision d = decision();
        return switch (d.kind()) {
            case EXECUTES -> "executes";
            case FAULTS -> "fault " + hex(d.vector()) + " " + (d.errorCode() < 0 ? "-" : hex(d.errorCode()));
            case EXITS ->
                d.reason() == ExitReason.EXCEPTION_NMI
                        ? "fault exits"
                        : "exit " + hex(d.reason().number()) + " " + hex(d.qualification()) + " "
                                + d.instructionLengthBytes() + " " + hex(d.instructionInformation() & kept | set) + " "
                                + hex(d.guestLinearAddress());
        };
    }

    /** The same of the recording, without what the exit does not define. */
    String outcome() {
        Decision d = decision();
        return switch (recorded.get(0)) {
            case "done" -> "executes";
            case "fault" -> fault();
            default -> exit(d);
        };
    }

    private String fault() {
        boolean software = List.of("int3", "int1", "ud2").contains(name);
        if (name.equals("int") && recorded.get(1).equals("15")) {
            return "executes";
        }
        if (software && recorded.get(3).equals("exits")) {
            return "fault exits";
        }
        return "fault " + recorded.get(1) + " " + recorded.get(2);
    }

    private String exit(Decision d) {
        String reason = recorded.get(1);
        if (reason.equals("34") || reason.equals("7")) {
            return "executes"; // it waits, or opened the window: the next exit came by itself
        }
        boolean information = d.instructionInformation() != 0;
        boolean linear = d.guestLinearAddress() != 0;
        boolean trap = reason.equals("2b");
        return "exit " + reason + " " + recorded.get(2) + " "
                + (trap ? code.length() : Recording.number(recorded.get(3))) + " "
                + (information ? recorded.get(4) : "0") + " " + (linear ? recorded.get(5) : "0");
    }

    /**
     * Values that the rules give, where it executed: what a program sees of CR0 and CR4, and what is in them after a
     * load; in the words of {@link #recordedEffect()}.
     */
    String effect() {
        Registers r = processor.registers();
        long rax = r.rax;
        long cr0 = r.cr0;
        long cr4 = r.cr4;
        switch (instruction()) {
            case MOV_FROM_CR0 -> rax = ControlRegisterValues.visibleCr0(processor);
            case MOV_FROM_CR4 -> rax = ControlRegisterValues.visibleCr4(processor);
            case SMSW -> rax = code.memory.isNone() ? ControlRegisterValues.visibleCr0(processor) : rax;
            case MOV_TO_CR0 -> cr0 = ControlRegisterValues.cr0After(rax, processor);
            case MOV_TO_CR4 -> cr4 = ControlRegisterValues.cr4After(rax, processor);
            default -> {}
        }
        return hex(rax) + " " + hex(cr0) + " " + hex(cr4);
    }

    String recordedEffect() {
        return recorded.get(4) + " " + recorded.get(7) + " " + recorded.get(9);
    }

    /** Whether {@link #effect()} has something to say of it. */
    boolean hasEffect() {
        return recorded.get(0).equals("done")
                && EnumSet.of(
                                Instruction.MOV_FROM_CR0,
                                Instruction.MOV_FROM_CR4,
                                Instruction.SMSW,
                                Instruction.MOV_TO_CR0,
                                Instruction.MOV_TO_CR4)
                        .contains(instruction());
    }

    boolean isRecordedFault() {
        return recorded.get(0).equals("fault") && !name.equals("int");
    }

    /** The exception of a recorded fault. */
    Event recordedEvent() {
        int vector = (int) Recording.number(recorded.get(1));
        int errorCode = recorded.get(2).equals("-") ? Event.NO_ERROR_CODE : (int) Recording.number(recorded.get(2));
        return switch (name) {
            case "int1" -> Event.software(InterruptionType.PRIVILEGED_SOFTWARE_EXCEPTION, vector, code.length());
            case "int3" -> Event.software(InterruptionType.SOFTWARE_EXCEPTION, vector, code.length());
            default -> Event.exception(ExceptionVector.byNumber(vector), errorCode);
        };
    }

    boolean hasExitedByBitmap() {
        return recorded.get(3).equals("exits");
    }

    long recordedInterruptionInfo() {
        return Recording.number(recorded.get(5));
    }

    /** Whether something came before the instruction was even looked at. */
    boolean hasNotBegun() {
        return recorded.get(0).equals("exit")
                && recorded.get(1).equals("7")
                && recorded.get(6).equals("0");
    }

    static String hex(long value) {
        return Long.toHexString(value);
    }

    @Override
    public String toString() {
        return name + " cpl " + cpl + " " + inputs + "\n  recorded " + recorded + "\n  modelled " + modelled() + " "
                + decision().rule();
    }
}

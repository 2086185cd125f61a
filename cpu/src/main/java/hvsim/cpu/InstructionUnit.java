package hvsim.cpu;

import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Decision;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InstructionRules;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.PortOperand;
import hvsim.cpu.instruction.Privilege;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.instruction.Rule;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Executes the instructions that virtualization cares about, as {@link InstructionRules} decides: a fault, a VM exit,
 * or their effect.
 */
final class InstructionUnit {
    /** The processor has no SGX, PCONFIG, Key Locker, lists of MSRs or MSRs named by immediates. */
    private static final boolean[] NOT_THERE = marked(
            Instruction.ENCLS,
            Instruction.ENCLV,
            Instruction.PCONFIG,
            Instruction.LOADIWKEY,
            Instruction.RDMSRLIST,
            Instruction.WRMSRLIST,
            Instruction.RDMSR_IMMEDIATE,
            Instruction.WRMSRNS_IMMEDIATE);

    private static final int VIRTUAL_8086_CPL = 3;

    private static final Decision UNDEFINED = Decision.fault(Rule.NOT_IN_THIS_MODE, ExceptionVector.INVALID_OPCODE);

    private final Core core;
    private final Transitions transitions;
    private final PhysicalMemory memory;
    private final boolean fixedInstructions;
    private final InstructionEffects effects;
    private final VmxEffects vmxEffects;
    private final PdpteLoads pdpteLoads;
    private final RootInvalidations rootInvalidations;
    private final Emulation emulation;
    private final int[] cycles;

    InstructionUnit(Core core, Mmu mmu, Transitions transitions, PhysicalMemory memory, CoreSpec spec) {
        this.core = core;
        this.transitions = transitions;
        this.memory = memory;
        this.fixedInstructions = spec.fixedInstructions();
        this.effects = new InstructionEffects(core, mmu);
        this.vmxEffects = new VmxEffects(core, mmu, memory);
        this.pdpteLoads = new PdpteLoads(core, mmu);
        this.rootInvalidations = new RootInvalidations(core, mmu, transitions);
        this.emulation = new Emulation(core, effects, pdpteLoads, memory, fixedInstructions);
        this.cycles = spec.costs().byInstruction();
    }

    private static boolean[] marked(Instruction... instructions) {
        boolean[] marked = new boolean[Instruction.values().length];
        for (Instruction instruction : instructions) {
            marked[instruction.ordinal()] = true;
        }
        return marked;
    }

    /** What becomes of an instruction on the processor that is modelled. */
    static Decision decide(Operation operation, Processor processor) {
        return NOT_THERE[operation.instruction().ordinal()] ? UNDEFINED : InstructionRules.decide(operation, processor);
    }

    /** Returns false if the core's run has to come back. In root mode also executes what follows, up to {@code limit}. */
    boolean execute(Program program, long word, long limit) {
        if (core.mode().isRoot()) {
            return executeInRoot(program, limit);
        }
        Processor processor = processor(GuestOp.cpl(word));
        Operation operation = OperationDecoder.decode(program, processor);
        if (core.mode().isDeprivileged()) {
            if (GuestOp.isCall(word)) {
                return core.deprivileging().call(emulation.operation());
            }
            if (GuestOp.isInPlace(word)) {
                return core.deprivileging().performInPlace();
            }
            return executeDeprivileged(operation, processor, program, word);
        }
        if (operation.instruction() == Instruction.PAUSE && watchesPauses(processor)) {
            operation = pause(processor);
        }
        Decision decision = decide(operation, processor);
        return switch (decision.kind()) {
            case FAULTS -> raise(operation, decision);
            case EXITS -> exit(operation, decision, processor, program, word);
            case EXECUTES ->
                operation.instruction() == Instruction.INT_N
                        ? raise(operation, decision)
                        : execute(operation, processor, program, word);
        };
    }

    private boolean execute(Operation operation, Processor processor, Program program, long word) {
        if (!pdpteLoads.load(operation, processor)) {
            return core.memoryStops().comeAbout(0);
        }
        if (VmxEffects.has(operation.instruction())) {
            if (!vmxEffects.perform(operation, processor)) {
                return core.delivery().raise(Event.exception(ExceptionVector.GENERAL_PROTECTION, 0));
            }
        } else {
            effects.perform(operation, processor);
        }
        core.complete(program, word, cycles[operation.instruction().ordinal()]);
        core.events().afterInstruction();
        return core.request().makeCommandIfAny();
    }

    /** Under the tables of the hypervisor: its task-state segment permits no port, and SYSCALL leads to it. */
    private boolean executeDeprivileged(Operation decoded, Processor processor, Program program, long word) {
        Instruction instruction = decoded.instruction();
        Operation operation = instruction.privilege() == Privilege.IO_PERMISSION
                ? Operation.of(instruction, PortOperand.denied(decoded.operand()), decoded.value())
                : decoded;
        Decision decision = decide(operation, processor);
        if (decision.kind() == Decision.Kind.FAULTS || instruction == Instruction.INT_N) {
            return raise(operation, decision);
        }
        return instruction == Instruction.SYSCALL || instruction == Instruction.SYSENTER
                ? core.deprivileging().trapOnCall(operation, false)
                : execute(operation, processor, program, word);
    }

    /** Either may exit, or trap. */
    private boolean raise(Operation operation, Decision decision) {
        return core.delivery().raise(SoftwareEvents.raised(operation, decision));
    }

    private Processor processor(int cpl) {
        Vcpu vcpu = core.vcpu();
        int given = vcpu.registers().isVirtual8086() ? VIRTUAL_8086_CPL : cpl;
        int real = core.mode().isDeprivileged() ? core.deprivileging().cplOf(cpl) : given;
        Processor.Mode bare = vmxEffects.isInRoot() ? Processor.Mode.ROOT : Processor.Mode.OUTSIDE_VMX;
        Processor.Mode mode = core.mode().isNonRoot() ? Processor.Mode.NON_ROOT : bare;
        return new Processor(mode, real, core.registers(), vcpu.msrs(), vcpu.vmcs(), memory, fixedInstructions);
    }

    private static boolean watchesPauses(Processor p) {
        return p.mode() == Processor.Mode.NON_ROOT && p.cpl() == 0 && p.vmcs().has(VmxControl.PAUSE_LOOP_EXITING);
    }

    private Operation pause(Processor p) {
        boolean tooLong =
                core.vcpu().pauseLoop().isTooLong(core.clock(), cycles[Instruction.PAUSE.ordinal()], p.vmcs());
        return Operation.of(Instruction.PAUSE, tooLong ? 1 : 0, 0);
    }

    /**
     * The hypervisor's own instructions, one after another: their effect is the transition, or translations that go. SYSRET
     * of its host leads to a process, and to no guest.
     */
    private boolean executeInRoot(Program program, long limit) {
        boolean goesOn = true;
        while (goesOn && core.mode().isRoot() && standsAtInstruction(program) && core.clock() < limit) {
            long word = program.words[program.position];
            Instruction instruction = Instruction.byNumber(GuestOp.number(word));
            if (instruction == Instruction.VMRESUME && core.events().interruptsHost()) {
                return core.request().make(RunOutcome.HOST_INTERRUPT);
            }
            long value = GuestOp.words(word) == 2 ? program.words[program.position + 1] : 0;
            core.complete(program, word, cycles[instruction.ordinal()]);
            goesOn = switch (instruction) {
                case VMRESUME -> transitions.enter();
                case IRET, RET_FAR -> core.deprivileging().goBack(instruction);
                case SYSRET ->
                    core.mode().runner() == Runner.HOST || core.deprivileging().goBack(instruction);
                case MOV_TO_CR3 -> rootInvalidations.loadCr3(value);
                case MOV_TO_CR4 -> rootInvalidations.loadCr4(value);
                case INVLPG -> rootInvalidations.invlpg(value);
                case INVEPT -> rootInvalidations.invept(GuestOp.operand(word), value);
                case INVVPID -> rootInvalidations.invvpid(GuestOp.operand(word), value);
                case WRMSR -> writeInRoot(GuestOp.operand(word), value);
                case TPAUSE -> waitInRoot(value);
                default -> true;
            };
        }
        return goesOn;
    }

    /** The hypervisor waits until its time-stamp counter has that value. */
    private boolean waitInRoot(long tsc) {
        core.spendWork(Math.max(tsc - transitions.hostRegisters().tscAdjust - core.clock(), 0));
        return true;
    }

    /** The hypervisor's own MSRs: of them its local APIC alone does something. */
    private boolean writeInRoot(int msr, long value) {
        if (ApicMsr.has(msr)) {
            core.events().writeLocalApic(msr, value, transitions.hostRegisters().tscAdjust);
        }
        return core.request().makeCommandIfAny();
    }

    private static boolean standsAtInstruction(Program program) {
        return !program.isDone() && GuestOp.kind(program.words[program.position]) == GuestOp.INSTRUCTION;
    }

    private boolean exit(Operation operation, Decision decision, Processor processor, Program program, long word) {
        ExitReason reason = decision.reason();
        if (reason == null) {
            throw new IllegalStateException("an exit without a reason");
        }
        if (reason == ExitReason.EXCEPTION_NMI) {
            return raise(operation, decision);
        }
        if (decision.isTrapLike()) {
            return execute(operation, processor, program, word);
        }
        long detail = ExitDetails.of(operation, decision);
        if (detail >= 0) {
            core.vcpu().counts().exits().begin(ExitCounts.detail(reason, detail));
        }
        return transitions.exitOnInstruction(reason, operation, decision);
    }

    /** The hypervisor does the work of the instruction that exited, and goes past it or injects its fault. */
    void emulate() {
        emulation.run();
    }

    /** The instruction that the guest stands at, as it sees its own registers; null if it is none. */
    @Nullable
    Operation trapped() {
        return emulation.operation();
    }

    /** The same for one that has trapped; returns the event that it raises in place of that, or null. */
    @Nullable
    Event emulateDeprivileged() {
        return emulation.onBareProcessor();
    }

    Vmcs vmcsAt(long pointer) {
        return vmxEffects.vmcsAt(pointer);
    }

    /** The hypervisor has done the work of the instruction that exited by other means, and goes past it. */
    void skip() {
        emulation.skip();
    }

    void transfer(Snapshot snapshot) {
        vmxEffects.transfer(snapshot);
    }
}

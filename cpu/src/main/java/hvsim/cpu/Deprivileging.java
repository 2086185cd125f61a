package hvsim.cpu;

import hvsim.cpu.event.Event;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.HostState;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.ept.PageFaultCode;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A core whose hypervisor runs its guests with less privilege than they believe to have: see {@link GuestRing}.
 *
 * <pre>
 *              guest's own registers           registers in force: {@link RegistersInForce}
 *   guest      kept by software                the hypervisor's, at CPL 1 or 3
 *   hypervisor the same: it reads, writes them the hypervisor's, at CPL 0
 * </pre>
 *
 * Every exception, interrupt and SYSCALL ends in the hypervisor, but for what {@link ChangedKernel} does. It goes back with IRET, and may have an event delivered
 * to the guest's kernel on the way: {@link Vcpu#bounce}. Programs do not name the instructions by which they enter their
 * kernel and leave it for anything but system calls; these are SYSCALL, SYSRET, and IRET at the end of a handler. The
 * last meets a segment that the hypervisor has marked not present.
 */
public final class Deprivileging {
    private final Core core;
    private final Transitions transitions;
    private final InstructionUnit instructions;
    private final RegistersInForce inForce;
    private final ChangedKernel changed;
    private final CostModel costs;
    private final int missCycles;
    private GuestRing ring = GuestRing.WITH_USER;

    /** Instructions executed when the guest went on last. */
    private long instructionsAtReturn;

    private @Nullable Trap trap;

    Deprivileging(Core core, Transitions transitions, InstructionUnit instructions, CoreSpec spec) {
        this.core = core;
        this.transitions = transitions;
        this.instructions = instructions;
        this.inForce = new RegistersInForce(transitions.hostRegisters());
        this.changed = new ChangedKernel(core, instructions, inForce);
        this.costs = spec.costs();
        this.missCycles = spec.softwareFill().orElse(0);
    }

    /** Powers up: the hypervisor has the core, no VMX operation, and its guests in that ring. */
    public void start(HostState host, GuestRing guests) {
        inForce.start(host);
        ring = guests;
        transitions.traps().start();
    }

    /** From now on guests' kernels call the hypervisor, and so they do for their ways back unless they have a gate. */
    public void offerCalls() {
        changed.offerCalls();
    }

    /** A software interrupt of that vector leads straight to the guest's kernel, which returns by itself: it is at CPL 1. */
    public void openGate(int vector) {
        changed.openGate(vector);
    }

    /** CR4 of the processor while the hypervisor has it. */
    public long cr4() {
        return inForce.cr4();
    }

    /**
     * The passage that the core came back for.
     *
     * @throws IllegalStateException if there was none yet
     */
    public Trap trap() {
        if (trap == null) {
            throw new IllegalStateException("nothing has trapped");
        }
        return trap;
    }

    /** The privilege in force for code that believes to have {@code believedCpl}. */
    int cplOf(int believedCpl) {
        return ring.cplOf(believedCpl);
    }

    /** CR3 of the processor: the root that is in force. */
    public long root() {
        return inForce.cr3();
    }

    /**
     * The hypervisor does the work of the instruction that has trapped, as a processor of the guest's own would, and
     * goes past it.
     *
     * @return the event that the instruction raises instead, or null
     * @throws IllegalStateException if none has trapped
     */
    public @Nullable Event emulate() {
        Vcpu vcpu = core.vcpu();
        Instruction instruction = operation().instruction();
        if (trap().isCrossing()) {
            vcpu.setVirtualCpl(vcpu.cpl());
            vcpu.registers().interruptibility &= instruction == Instruction.IRET ? ~Interruptibility.BY_NMI : -1;
            return null;
        }
        Event raised = instructions.emulateDeprivileged();
        if (raised == null) {
            vcpu.setVirtualCpl(cplAfter(instruction, vcpu.virtualCpl()));
        }
        return raised;
    }

    /** Whether the instruction that has trapped is one of the guest's kernel, as far as the guest knows. */
    public boolean isAtKernelLevel() {
        return core.vcpu().cplOfInstruction() == 0;
    }

    private Operation operation() {
        Operation operation = trap().operation();
        if (operation == null) {
            throw new IllegalStateException(trap().reason() + " is about no instruction");
        }
        return operation;
    }

    private static int cplAfter(Instruction instruction, int before) {
        return switch (instruction) {
            case SYSCALL, SYSENTER -> 0;
            case SYSRET, SYSEXIT -> 3;
            default -> before;
        };
    }

    /** Whether the privilege that the program's operation belongs to is not the one that the guest has: SYSCALL or SYSRET. */
    boolean isCrossing(Vcpu vcpu) {
        return vcpu.cpl() != vcpu.virtualCpl();
    }

    /** The way into the guest's kernel, or back to its user: an instruction that programs do not name. */
    boolean cross(Vcpu vcpu) {
        return changed.hasGate()
                ? changed.cross(vcpu)
                : trapOnUnnamed(vcpu.cpl() == 0 ? Instruction.SYSCALL : Instruction.SYSRET);
    }

    /** The end of a handler: unless it was changed, what it returns to has a segment that the hypervisor has taken away. */
    boolean returnFromHandler() {
        inForce.loadFlagsOfFrame(core.vcpu().registers());
        return changed.hasGate() ? changed.returnFromHandler() : trapOnUnnamed(Instruction.IRET);
    }

    private boolean trapOnUnnamed(Instruction instruction) {
        Operation operation = Operation.of(instruction, 0, 0);
        if (core.translation().isOn() && instruction != Instruction.SYSCALL) {
            return callOut(null, operation, true);
        }
        if (instruction == Instruction.SYSCALL) {
            return trapOnCall(operation, true);
        }
        if (changed.calls()) {
            return pass(TrapReason.HYPERCALL, null, operation, true, costs.of(Instruction.SYSCALL));
        }
        Event fault = Event.exception(ExceptionVector.GENERAL_PROTECTION, 0);
        return pass(TrapReason.TRAP_GP, fault, operation, true, costs.trap());
    }

    /** Translated code leaves for the hypervisor, through a call gate. Returns false: run has to come back. */
    boolean callOut(@Nullable Event event, @Nullable Operation operation, boolean isCrossing) {
        return pass(TrapReason.CALLOUT, event, operation, isCrossing, costs.of(Instruction.CALL_FAR));
    }

    /** SYSCALL and SYSENTER lead to the hypervisor. */
    boolean trapOnCall(Operation call, boolean isCrossing) {
        return pass(TrapReason.SYSCALL, null, call, isCrossing, costs.of(call.instruction()));
    }

    /** The guest's kernel asks the hypervisor for what the instruction would do; for nothing but its events without one. */
    boolean call(@Nullable Operation operation) {
        return pass(TrapReason.HYPERCALL, null, operation, false, changed.callCycles());
    }

    /**
     * The call that the guest has made together with those that are done.
     *
     * @return null if there are no more
     */
    public @Nullable Trap nextCall() {
        Vcpu vcpu = core.vcpu();
        Program program = vcpu.current();
        if (program.isDone() || !GuestOp.isJoined(program.words[program.position])) {
            return null;
        }
        trap = new Trap(vcpu, TrapReason.HYPERCALL, null, instructions.trapped(), false);
        return trap;
    }

    /** A kernel that was changed does by itself what the instruction would do. Returns false: run has to come back. */
    boolean performInPlace() {
        return changed.performInPlace();
    }

    /** The TLB lacks what an access needs, and the hypervisor fills it; what a page fault would say tells which. */
    boolean trapOnMiss(long gva, int kind) {
        int write = kind == GuestOp.WRITE || kind == GuestOp.MODIFY ? PageFaultCode.WRITE : 0;
        int fetch = kind == GuestOp.FETCH ? PageFaultCode.FETCH : 0;
        return pass(TrapReason.TLB_MISS, Event.pageFault(gva, write | fetch), null, false, missCycles);
    }

    /** An event goes through the hypervisor's interrupt-descriptor table. Returns false: run has to come back. */
    boolean trapOn(Event event) {
        if (changed.isThroughGate(event)) {
            return changed.enter(event);
        }
        return pass(TrapReason.of(event), event, standsAt(event), false, costs.trap());
    }

    /** The instruction that the event is about; interrupts, and traps of the debugger, are about none. */
    private @Nullable Operation standsAt(Event event) {
        boolean between = event.type() == InterruptionType.EXTERNAL_INTERRUPT
                || event.type() == InterruptionType.NMI
                || event.type() == InterruptionType.HARDWARE_EXCEPTION && event.is(ExceptionVector.DEBUG);
        return between ? null : instructions.trapped();
    }

    private boolean pass(
            TrapReason reason, @Nullable Event event, @Nullable Operation operation, boolean crosses, int cycles) {
        Vcpu vcpu = core.vcpu();
        inForce.takeFlags(vcpu.registers());
        if (core.instructions() != instructionsAtReturn) {
            vcpu.registers().interruptibility &= ~EventUnit.FOR_ONE_INSTRUCTION; // that one is over
        }
        if (operation != null && reason != TrapReason.HYPERCALL) {
            vcpu.counts()
                    .exits()
                    .begin(ExitCounts.detail(reason, operation.instruction().ordinal()));
        }
        trap = new Trap(vcpu, reason, event, operation, crosses);
        return transitions.traps().leave(reason, cycles);
    }

    /** IRET, a far return or SYSRET of the hypervisor: the loaded virtual processor goes on. Returns false if run has to come back. */
    boolean goBack(Instruction by) {
        Event event = core.vcpu().takeBounced();
        boolean goesOn = event == null || core.delivery().deliverVirtually(event);
        inForce.enter(core.vcpu().registers());
        instructionsAtReturn = core.instructions();
        transitions.traps().goBack(by == Instruction.IRET ? costs.trapReturn() : 0, ring);
        return goesOn;
    }

    RegistersInForce registersInForce() {
        return inForce;
    }

    void transfer(Snapshot snapshot) {
        inForce.transfer(snapshot);
        changed.transfer(snapshot);
        instructionsAtReturn = core.instructions() - snapshot.transfer(core.instructions() - instructionsAtReturn);
    }
}

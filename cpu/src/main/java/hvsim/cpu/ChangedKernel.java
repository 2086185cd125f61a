package hvsim.cpu;

import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.tlb.Snapshot;

/**
 * A guest's kernel that was changed for the hypervisor under which it runs: what needs privilege it does by itself, on
 * what it keeps, or calls for.
 *
 * <pre>
 *                  at CPL 3, as its users            at CPL 1
 *   a call         SYSCALL                           INT 82H
 *   system calls   trap: to the processor kernel     INT 80H, through a gate that leads straight to the kernel
 *                  and user are the same
 *   its returns    calls, for the same reason        its own IRET
 * </pre>
 *
 * As under Xen for x86-64, and for x86-32.
 */
final class ChangedKernel {
    private static final int NO_GATE = -1;

    private final Core core;
    private final InstructionUnit instructions;
    private final RegistersInForce inForce;
    private boolean calls;
    private int gate = NO_GATE;

    ChangedKernel(Core core, InstructionUnit instructions, RegistersInForce inForce) {
        this.core = core;
        this.instructions = instructions;
        this.inForce = inForce;
    }

    void offerCalls() {
        calls = true;
    }

    void openGate(int vector) {
        gate = vector;
    }

    boolean calls() {
        return calls;
    }

    /** Whether it has a gate, and returns by itself. */
    boolean hasGate() {
        return gate != NO_GATE;
    }

    /** What the way of a call to the hypervisor takes. */
    int callCycles() {
        return hasGate() ? core.costs().trap() : core.costs().of(Instruction.SYSCALL);
    }

    boolean isThroughGate(Event event) {
        return event.type() == InterruptionType.SOFTWARE_INTERRUPT && event.vector() == gate;
    }

    /** The guest enters its kernel, and nobody is asked. Returns false: run has to come back. */
    boolean enter(Event event) {
        Registers guest = core.vcpu().registers();
        inForce.takeFlags(guest);
        core.spendWork(core.costs().trap());
        boolean goesOn = core.delivery().deliverThroughGate(event);
        inForce.giveFlags(guest);
        return goesOn;
    }

    /** The guest has the privilege that its program believes in: the gate, or IRET, has changed it. */
    boolean cross(Vcpu vcpu) {
        vcpu.setVirtualCpl(vcpu.cpl());
        return true;
    }

    /** A handler has restored the flags that are kept in memory, and executes IRET. Returns false if run has to come back. */
    boolean returnFromHandler() {
        core.vcpu().registers().interruptibility &= ~Interruptibility.BY_NMI;
        core.spendWork(core.costs().trapReturn());
        core.events().arm();
        cross(core.vcpu());
        return !isUpcallDue() || core.deprivileging().call(null);
    }

    /**
     * Done by itself is what the instruction would do; where that would fault, so does it. If it lets events in that wait,
     * it calls the hypervisor for them, unless it is about to call anyway: so no event is lost between STI and HLT, which
     * are one call of Xen's (SCHEDOP_block).
     */
    boolean performInPlace() {
        Program program = core.vcpu().current();
        Registers guest = core.vcpu().registers();
        inForce.takeFlags(guest);
        Event raised = instructions.emulateDeprivileged();
        if (raised != null) {
            return core.deprivileging().trapOn(raised);
        }
        guest.pendingDebug = 0; // the processor steps through this code as through any
        inForce.giveFlags(guest);
        core.countInstructions(1);
        core.spendWork(core.operationCycles());
        core.events().afterInstruction();
        return !isUpcallDue() || standsAtCall(program) || core.deprivileging().call(null);
    }

    private boolean isUpcallDue() {
        Vcpu vcpu = core.vcpu();
        return vcpu.hasEventsPending() && (vcpu.registers().rflags & Registers.RFLAGS_IF) != 0;
    }

    private static boolean standsAtCall(Program program) {
        long word = program.isDone() ? 0 : program.words[program.position];
        return GuestOp.kind(word) == GuestOp.INSTRUCTION && GuestOp.isCall(word);
    }

    void transfer(Snapshot snapshot) {
        calls = snapshot.transfer(calls);
        gate = snapshot.transfer(gate);
    }
}

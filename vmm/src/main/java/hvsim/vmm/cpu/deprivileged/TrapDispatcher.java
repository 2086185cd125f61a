package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.Trap;
import hvsim.cpu.Vcpu;
import hvsim.cpu.VmExit;
import hvsim.cpu.event.Event;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.cpu.TrapSpec;
import hvsim.vmm.cpu.Turns;
import hvsim.vmm.host.Host;
import hvsim.vmm.interrupt.ApicAccesses;
import hvsim.vmm.interrupt.GuestInterrupts;
import org.jspecify.annotations.Nullable;

/**
 * What the hypervisor does about a trap: an instruction is done on the registers that the guest believes in, and what it
 * raises there is the guest's; and so is what no instruction of its kernel has caused.
 */
final class TrapDispatcher {
    private final Core core;
    private final TrapSpec spec;
    private final HypervisorImage image;
    private final Deprivileged technique;
    private final Turns turns;
    private final GuestInterrupts interrupts;
    private final Host host;

    TrapDispatcher(
            Core core,
            TrapSpec spec,
            HypervisorImage image,
            Deprivileged technique,
            Turns turns,
            GuestInterrupts interrupts,
            Host host) {
        this.core = core;
        this.spec = spec;
        this.image = image;
        this.technique = technique;
        this.turns = turns;
        this.interrupts = interrupts;
        this.host = host;
    }

    /** Fills in what the core, whose number is given, runs up to the next return. */
    void handle(int number, Trap trap) {
        Program program = core.transitions().hostProgram();
        image.addTrapPath(program, trap.vcpu().number(), trap.reason());
        program.add(GuestOp.work(spec.cyclesOf(trap.reason())));
        interrupts.left(number, trap.vcpu().number());
        boolean goesOn = switch (trap.reason()) {
            case INTERRUPT -> {
                image.addEndOfInterrupt(program);
                host.interrupt(number, trap.vcpu(), program);
                yield !interrupts.handle(program, number, trap.cause().vector()) || turns.addNext(number, program);
            }
            case TRAP_PF, TLB_MISS -> {
                technique.pagingOf(trap.vcpu()).pageFault(core, trap, program);
                yield true;
            }
            case TRAP_NMI -> true;
            case CALLOUT -> callOut(number, trap, program);
            case HYPERCALL -> technique.call(number, trap, program);
            case TRAP_DE,
                    TRAP_DB,
                    TRAP_BP,
                    TRAP_OF,
                    TRAP_BR,
                    TRAP_UD,
                    TRAP_NM,
                    TRAP_NP,
                    TRAP_SS,
                    TRAP_GP,
                    TRAP_AC,
                    SOFTWARE_INTERRUPT,
                    SYSCALL -> instruction(number, trap, program);
        };
        boolean flushes = technique.pagingOf(trap.vcpu()).takeDrop();
        technique.resume(number, program, goesOn, flushes, returnOf(trap.reason()));
    }

    private static Instruction returnOf(TrapReason reason) {
        return reason == TrapReason.CALLOUT ? Instruction.RET_FAR : Instruction.IRET;
    }

    /** For an instruction, a write to a protected page, or because something waits for the guest's kernel. */
    private boolean callOut(int number, Trap trap, Program program) {
        if (trap.event() != null) {
            technique.pagingOf(trap.vcpu()).pageFault(core, trap, program);
            return true;
        }
        if (trap.operation() != null) {
            return instruction(number, trap, program);
        }
        settle(trap.vcpu(), null);
        return true;
    }

    /** What an instruction of the guest asks for is done; returns whether the guest goes on. */
    boolean instruction(int number, Trap trap, Program program) {
        Operation operation = trap.operation();
        if (operation == null) {
            trap.vcpu().bounce(trap.cause());
            return true;
        }
        return switch (operation.instruction()) {
            case HLT -> halt(number, trap, program);
            case IN, OUT, INS, OUTS -> accessPort(number, trap, program);
            case VMCALL -> {
                call(number, trap, program);
                yield true;
            }
            case RDMSR, WRMSR -> {
                accessMsr(number, trap, operation, program);
                yield true;
            }
            case MOV_TO_CR0, MOV_TO_CR3, MOV_TO_CR4, CLTS, LMSW, INVLPG, INVPCID -> {
                settle(trap.vcpu(), technique.pagingOf(trap.vcpu()).emulate(core, trap, operation, program));
                yield true;
            }
            default -> {
                settle(trap.vcpu(), core.deprivileging().emulate());
                yield true;
            }
        };
    }

    private boolean halt(int number, Trap trap, Program program) {
        Event raised = core.deprivileging().emulate();
        settle(trap.vcpu(), raised);
        return raised != null || turns.addAfterHalt(number, program);
    }

    private boolean accessPort(int number, Trap trap, Program program) {
        Event raised = core.deprivileging().emulate();
        settle(trap.vcpu(), raised);
        return raised != null || host.answer(number, trap.vcpu(), program) || turns.addAfterRequest(number, program);
    }

    /** The instruction is undefined here; the service VM's kernel knows that its hypervisor understands it all the same. */
    private void call(int number, Trap trap, Program program) {
        if (host.takesCall(number, trap.vcpu(), program)) {
            trap.vcpu().skipOperation();
        } else {
            settle(trap.vcpu(), core.deprivileging().emulate());
        }
    }

    private void accessMsr(int number, Trap trap, Operation operation, Program program) {
        VmExit access = new VmExit(trap.vcpu(), (int) operation.operand(), operation.value());
        boolean reads = operation.instruction() == Instruction.RDMSR;
        boolean isPermitted = core.deprivileging().isAtKernelLevel();
        ApicAccesses apic = interrupts.accesses();
        boolean done = isPermitted && (reads ? apic.readMsr(number, access) : apic.writeMsr(program, number, access));
        if (!done) {
            settle(trap.vcpu(), technique.pagingOf(trap.vcpu()).emulate(core, trap, operation, program));
        }
    }

    /** What an instruction raised goes to the guest's kernel; so does the end of a single step. */
    private static void settle(Vcpu vcpu, @Nullable Event raised) {
        Registers r = vcpu.registers();
        if (raised != null) {
            vcpu.bounce(raised);
        } else if (r.pendingDebug != 0) {
            vcpu.bounce(Event.exception(ExceptionVector.DEBUG, 0, r.pendingDebug));
            r.pendingDebug = 0;
        }
    }
}

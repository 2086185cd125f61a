package hvsim.cpu;

/** What a core executes, operation by operation: references by {@link ReferenceUnit}, all others one at a time. */
final class Execution {
    private final Core core;
    private final CoreMode mode;
    private final Transitions transitions;
    private final ReferenceUnit references;
    private final InstructionUnit instructions;
    private final Deprivileging deprivileging;
    private final KernelTranslation translation;

    Execution(Core core, Transitions transitions, ReferenceUnit references, InstructionUnit instructions) {
        this.core = core;
        this.mode = core.mode();
        this.transitions = transitions;
        this.references = references;
        this.instructions = instructions;
        this.deprivileging = core.deprivileging();
        this.translation = core.translation();
    }

    /** References up to {@code limit}, and one operation of another kind. Returns false: run has to come back. */
    boolean goOn(long limit) {
        Program program = core.current();
        if (handlerReturns()) {
            return !mode.isDeprivileged() || deprivileging.returnFromHandler();
        }
        if (program.isDone()) {
            return ended();
        }
        if (mode.isDeprivileged() && standsAtReference(program) && deprivileging.isCrossing(core.vcpu())) {
            return deprivileging.cross(core.vcpu());
        }
        if (translation.stopsAt(program)) {
            return core.request().make(RunOutcome.KERNEL_CODE);
        }
        core.enterPrivilege(cpl());
        if (!references.execute(program, translation.lastReference(program), limit)) {
            return core.memoryStops().comeAbout(references.stoppedGva());
        }
        if (program.isDone() || core.clock() >= limit || translation.stopsAt(program)) {
            return true;
        }
        return special(program, program.words[program.position], limit);
    }

    /** Of a deprivileged guest it traps, and so waits while the hypervisor has the core. */
    private boolean handlerReturns() {
        if (mode.deprivileges()) {
            return mode.isDeprivileged() && core.vcpu().returns().takeReturned();
        }
        return core.events().returnFromHandler();
    }

    private static boolean standsAtReference(Program program) {
        return GuestOp.kind(program.words[program.position]) <= GuestOp.WIDE;
    }

    private boolean ended() {
        if (!mode.isRoot()) {
            return core.request().make(RunOutcome.PROGRAM_END);
        }
        transitions.endExit();
        return core.request().make(RunOutcome.HOST_IDLE);
    }

    private int cpl() {
        int believed = core.vcpu().cpl();
        return mode.isRoot() ? 0 : mode.isDeprivileged() ? deprivileging.cplOf(believed) : believed;
    }

    private boolean special(Program program, long word, long limit) {
        return switch (GuestOp.kind(word)) {
            case GuestOp.INSTRUCTION -> instructions.execute(program, word, limit);
            case GuestOp.EVENT -> event(program, word);
            case GuestOp.PSEUDO -> pseudo(program, word);
            default -> throw new IllegalStateException("a reference is not special");
        };
    }

    private boolean event(Program program, long word) {
        core.complete(program, word, core.operationCycles());
        KernelEvent event = KernelEvent.byNumber(GuestOp.number(word));
        return core.request().makeKernelEvent(event, GuestOp.eventOperand(word));
    }

    private boolean pseudo(Program program, long word) {
        program.position++;
        if (GuestOp.isPremap(word)) {
            return core.request().makePremap(GuestOp.gva(word));
        }
        if (GuestOp.isMark(word)) {
            return core.request().makeMark((int) word);
        }
        if (GuestOp.isPassage(word)) {
            mode.passTo(GuestOp.isToHost(word));
            return true;
        }
        core.countInstructions(1);
        core.spendWork(GuestOp.workCycles(word));
        return true;
    }
}

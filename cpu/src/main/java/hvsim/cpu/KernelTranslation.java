package hvsim.cpu;

import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.Registers;
import hvsim.ept.PageFaultCode;
import org.jspecify.annotations.Nullable;

/**
 * A core whose hypervisor translates the kernels of its guests: it stops where such a kernel would fetch its own code, or
 * execute an instruction that virtualization cares about, or make a write that often was one to a table, and executes what
 * the hypervisor has made of that.
 *
 * <pre>
 *   guest's program     fetch   write   read   cli   fetch   ...
 *   the core            stops   runs    runs   stops stops
 *                         |                      |
 *                    translated code is     emulated in line, called out for,
 *                    fetched instead        or executed as it stands
 * </pre>
 *
 * What the guest's user does is none of its business.
 */
public final class KernelTranslation {
    /** No code of the kernel has been fetched by the program under way. */
    public static final long NO_CODE = Program.NO_FETCH;

    private final Core core;
    private final CoreMode mode;
    private final ReferenceUnit references;
    private final InstructionUnit instructions;
    private final Deprivileging deprivileging;
    private boolean on;

    KernelTranslation(
            Core core,
            CoreMode mode,
            ReferenceUnit references,
            InstructionUnit instructions,
            Deprivileging deprivileging) {
        this.core = core;
        this.mode = mode;
        this.references = references;
        this.instructions = instructions;
        this.deprivileging = deprivileging;
    }

    /** From now on no kernel of a guest is executed as it stands. */
    public void start() {
        on = true;
    }

    boolean isOn() {
        return on;
    }

    /** Whether the program stands at code of the kernel. */
    boolean stopsAt(Program program) {
        if (!on || !mode.isDeprivileged() || program.isDone()) {
            return false;
        }
        long word = program.words[program.position];
        return switch (GuestOp.kind(word)) {
            case GuestOp.FETCH -> core.vcpu().cpl() == 0;
            case GuestOp.INSTRUCTION -> GuestOp.cpl(word) == 0;
            case GuestOp.WRITE, GuestOp.MODIFY -> program.checksWrites;
            default -> false;
        };
    }

    /** Where references of a program end for the time being. */
    int lastReference(Program program) {
        if (!on || !mode.isDeprivileged() || core.vcpu().cpl() != 0) {
            return program.length;
        }
        return program.checksWrites ? program.nextWrite(program.nextFetch()) : program.nextFetch();
    }

    /** Whether the kernel stands at a write that its translation looks at before it is made. */
    public boolean isAtWrite() {
        Program program = core.vcpu().current();
        return Program.isWrite(GuestOp.kind(program.words[program.position]));
    }

    /** The instruction that the kernel stands at; null if it stands at a fetch or a write. */
    public @Nullable Operation operation() {
        return instructions.trapped();
    }

    /** Address of the code that the kernel is about to fetch, or of what it is about to write. */
    public long standsAtGva() {
        Program program = core.vcpu().current();
        return GuestOp.canonical(program.words[program.position]);
    }

    /** Address of the kernel's code that its program has fetched last, or {@link #NO_CODE}. */
    public long codeGva() {
        return core.vcpu().cpl() == 0 ? core.vcpu().current().lastFetch() : NO_CODE;
    }

    /** Translated code is fetched; it is not within the guest's segments. */
    public void fetch(long hva, int sizeBytes) {
        core.enterPrivilege(deprivileging.cplOf(0));
        if (!references.implicitAccess(GuestOp.FETCH, hva, sizeBytes)) {
            throw new IllegalStateException("translated code is not mapped");
        }
    }

    /**
     * Translated code has taken the place of the kernel's own, which the program stands at.
     *
     * @param checksWrites whether it looks by itself, from here to the next fetch, where writes go: the core stops at them
     */
    public void goPastFetch(boolean checksWrites) {
        Program program = core.vcpu().current();
        program.checksWrites = checksWrites;
        core.complete(program, program.words[program.position], core.operationCycles());
    }

    /** Translated code looks at what the hypervisor keeps beyond the guest's segments, through one of its own. */
    public void touchState(long hva) {
        core.enterPrivilege(deprivileging.cplOf(0));
        if (!references.accessBeyondSegments(GuestOp.MODIFY, hva, Long.BYTES)) {
            throw new IllegalStateException("the hypervisor's data is not mapped");
        }
    }

    /**
     * The write that the kernel stands at is made as it stands.
     *
     * @return whether the kernel goes on; if not, it has trapped
     */
    public boolean writeIdentically() {
        Program program = core.vcpu().current();
        core.enterPrivilege(deprivileging.cplOf(0));
        return references.execute(program, program.position + 1, core.clock() + 1)
                || core.memoryStops().comeAbout(references.stoppedGva());
    }

    /** Translated code has made the write that the kernel stands at by other means. */
    public void goPastWrite() {
        Program program = core.vcpu().current();
        core.complete(program, program.words[program.position], core.operationCycles());
    }

    /** Operations of translated code that the guest's own does not have. */
    public void work(long cycles) {
        core.spend(CyclePart.HYPERVISOR, cycles);
    }

    /** One of them is that instruction itself. */
    public void work(Instruction instruction) {
        work(core.costs().of(instruction));
    }

    /**
     * Translated code does the work of the instruction that the kernel stands at, on registers that the hypervisor
     * keeps.
     *
     * @return the event that it raises instead, or null
     */
    public @Nullable Event emulateInLine() {
        Registers guest = core.vcpu().registers();
        deprivileging.registersInForce().takeFlags(guest);
        Event raised = instructions.emulateDeprivileged();
        deprivileging.registersInForce().giveFlags(guest);
        core.events().afterInstruction();
        return raised;
    }

    /**
     * The instruction is executed as it stands.
     *
     * @return whether the kernel goes on; if not, it has trapped
     */
    public boolean executeIdentically() {
        Program program = core.vcpu().current();
        return instructions.execute(program, program.words[program.position], core.clock() + 1);
    }

    /**
     * Translated code leaves for the hypervisor, by a far call through a gate to CPL 0.
     *
     * @param operation what it is to do; null for anything else
     */
    public void callOut(@Nullable Operation operation) {
        deprivileging.callOut(null, operation, false);
    }

    /** The same for the write that the kernel stands at, to a page that it must not write. */
    public void callOutForWrite() {
        int errorCode = PageFaultCode.PRESENT | PageFaultCode.WRITE;
        deprivileging.callOut(Event.pageFault(standsAtGva(), errorCode), null, false);
    }
}

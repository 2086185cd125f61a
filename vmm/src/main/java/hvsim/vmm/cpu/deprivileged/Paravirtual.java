package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.Deprivileging;
import hvsim.cpu.DirectEvent;
import hvsim.cpu.Program;
import hvsim.cpu.Tally;
import hvsim.cpu.Trap;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.Registers;
import hvsim.ept.TableLayout;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.cpu.ParavirtualSpec;
import hvsim.vmm.cpu.Platform;
import hvsim.vmm.interrupt.EventChannels;
import hvsim.vmm.interrupt.GuestApic;
import hvsim.vmm.kernel.Hypercall;
import hvsim.vmm.kernel.Interrupts;
import hvsim.vmm.kernel.MmuExtension;
import hvsim.vmm.kernel.MmuUpdates;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Guests whose kernels were changed before they run: what needs privilege they ask for, and what is sensitive without a
 * fault they do not execute. Their tables are the hardware's. A kernel at CPL 3 calls by SYSCALL; one at CPL 1 by INT 82H,
 * and its users' INT 80H leads to it straight.
 */
public final class Paravirtual extends Deprivileged {
    /** Users' pages are global; RDTSC is everybody's. */
    private static final long CR4 = Registers.CR4_PAE | Registers.CR4_PGE;

    private final List<Core> cores;
    private final HypervisorImage image;

    /** By core: whether the passage under way ends as it began, by SYSCALL and SYSRET. */
    private final boolean[] isCall;

    public Paravirtual(Platform platform, ParavirtualSpec spec) {
        super(platform, spec, apics(platform.guests()), CR4);
        this.cores = platform.cores();
        this.image = parts().image();
        this.isCall = new boolean[cores.size()];
        keepTables(DirectTraps::new);
    }

    private static List<GuestApic> apics(List<Guest> guests) {
        return guests.stream()
                .<GuestApic>map(guest -> new EventChannels(guest.vcpu(), guest.number()))
                .toList();
    }

    @Override
    public void start() {
        cores.forEach(core -> offerCalls(core.deprivileging()));
        super.start();
    }

    private void offerCalls(Deprivileging core) {
        core.offerCalls();
        if (!isAtUserLevel()) {
            core.openGate(Interrupts.SYSTEM_CALL_VECTOR);
        }
    }

    private boolean isAtUserLevel() {
        return parts().ring().needsTwoRoots();
    }

    @Override
    boolean call(int number, Trap first, Program program) {
        Core core = cores.get(number);
        Hypercall only = null;
        boolean goesOn = true;
        for (Trap trap = first; trap != null; trap = nextOf(core, first, goesOn)) {
            Hypercall made = callOf(trap);
            only = only == null ? made : Hypercall.MULTICALL;
            goesOn = make(number, made, trap, program);
        }
        isCall[number] = only != Hypercall.IRET;
        first.vcpu().counts().exits().refine(TrapReason.HYPERCALL, 0, detail(only));
        return goesOn;
    }

    /** For the count of passages by what was asked for. */
    private static int detail(@Nullable Hypercall call) {
        return (call == null ? Hypercall.XEN_VERSION : call).number() + 1;
    }

    /** The hypercall that a detail of {@link TrapReason#HYPERCALL} counts. */
    public static Hypercall callOf(int detail) {
        return Hypercall.byNumber(detail - 1);
    }

    private static @Nullable Trap nextOf(Core core, Trap first, boolean goesOn) {
        return goesOn && !first.vcpu().isBouncing() ? core.deprivileging().nextCall() : null;
    }

    /** Without an operation it is a call that does nothing: events are looked for on the way back. */
    private static Hypercall callOf(Trap trap) {
        Operation operation = trap.operation();
        return operation == null ? Hypercall.XEN_VERSION : Hypercall.of(operation);
    }

    private boolean make(int number, Hypercall call, Trap trap, Program program) {
        Operation operation = trap.operation();
        if (operation == null) {
            return true;
        }
        if (!Hypercall.isNamedBy(operation)) {
            return dispatcher(number).instruction(number, trap, program);
        }
        switch (call) {
            case MMU_UPDATE -> update(cores.get(number), MmuUpdates.unpack(operation.value()), trap, program);
            case MMUEXT_OP -> extended(MmuExtension.byNumber(operation.value()), trap.vcpu(), program);
            default -> {
                // it takes no more than the way there and back
            }
        }
        trap.vcpu().skipOperation();
        return true;
    }

    private void update(Core core, MmuUpdates updates, Trap trap, Program program) {
        image.addUpdates(program, updates.entries());
        image.addValidation(program, updates.tables());
        Tally counts = trap.vcpu().counts();
        counts.count(DirectEvent.UPDATED, updates.entries() - updates.refused());
        counts.count(DirectEvent.REFUSED, updates.refused());
        counts.count(DirectEvent.VALIDATED, updates.tables());
        ((DirectTraps) pagingOf(trap.vcpu())).settle(core, program);
    }

    private void extended(MmuExtension operation, Vcpu vcpu, Program program) {
        switch (operation) {
            case PIN_L3_TABLE -> {
                image.addTableReads(program, TableLayout.PAE.entries(TableLayout.PAE.levels()));
                countPin(vcpu);
            }
            case PIN_L4_TABLE -> {
                image.addValidation(program, 1);
                countPin(vcpu);
            }
            case UNPIN_TABLE -> image.addValidation(program, 1);
            case CLEAR_PAGE -> image.addClear(program);
        }
    }

    private static void countPin(Vcpu vcpu) {
        vcpu.counts().count(DirectEvent.PINNED, 1);
        vcpu.counts().count(DirectEvent.VALIDATED, 1);
    }

    @Override
    public void runKernelCode(int core) {
        throw new IllegalStateException("kernels are executed as they were changed");
    }

    /** Xen goes back by SYSRET from a call by SYSCALL, and wherever it makes such a kernel take an event. */
    @Override
    Instruction returnOf(int number, Instruction usual) {
        boolean byCall = isCall[number] || cores.get(number).vcpu().isBouncing();
        isCall[number] = false;
        return byCall && isAtUserLevel() ? Instruction.SYSRET : usual;
    }
}

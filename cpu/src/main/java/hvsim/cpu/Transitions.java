package hvsim.cpu;

import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Decision;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.EntryContext;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.GuestState;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.VmEntryChecks;
import hvsim.cpu.vmx.VmEntryOutcome;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.Invalidation;
import hvsim.tlb.Snapshot;
import java.util.List;

/**
 * VM exits and VM entries of one core: what they save and load, what they drop from the TLB, what they cost.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), chapters 26 and 27.
 */
public final class Transitions {
    /** The preemption timer counts down once in 2^5 cycles: IA32_VMX_MISC bits 4:0. */
    public static final int PREEMPTION_TIMER_SHIFT = 5;

    private final Core core;
    private final Mmu mmu;
    private final CostModel costs;
    private final EntryContext entryContext;
    private final CoreMode mode;
    private final RootMode root;
    private final MsrSwitching msrs;
    private final Deadlines deadlines;
    private final ExitUnderWay exit;
    private final TransitionCounts counts = new TransitionCounts();
    private final Traps traps;

    private String brokenRule = "";

    Transitions(Core core, Mmu mmu, CostModel costs, Deadlines deadlines, EntryContext entryContext) {
        this.core = core;
        this.mode = core.mode();
        this.mmu = mmu;
        this.costs = costs;
        this.entryContext = entryContext;
        this.deadlines = deadlines;
        this.root = new RootMode(mode, mmu);
        this.msrs = new MsrSwitching(entryContext, root.registers());
        this.exit = new ExitUnderWay(core.vcpu());
        this.traps = new Traps(core, mmu, root, exit, counts);
    }

    /** How a hypervisor that deprivileges its guests leaves and enters them instead. */
    Traps traps() {
        return traps;
    }

    /** The root of the tables in root mode. */
    public long rootCr3() {
        return root.registers().cr3;
    }

    /** Powers up without hypervisor: the loaded virtual processor is the machine's own. */
    public void startBare() {
        mode.enterBare();
        mmu.tables().enterOneStage(core.vcpu().registers(), 0);
    }

    /** VMXON: the hypervisor has the core, and its tables are at {@code hostCr3}; {@code cr4} are bits to set there. */
    public void startRoot(long hostCr3, long cr4) {
        root.registers().cr3 = hostCr3;
        root.registers().cr4 |= Registers.CR4_VMXE | cr4;
        root.enter();
    }

    /** The hypervisor's own state. */
    RootMode root() {
        return root;
    }

    Registers hostRegisters() {
        return root.registers();
    }

    Msrs hostMsrs() {
        return msrs.hostMsrs();
    }

    /** What the hypervisor runs; to be filled after a VM exit, ending with VMRESUME. */
    public Program hostProgram() {
        return root.program();
    }

    /** The exit to be handled. */
    public VmExit exit() {
        return exit.exit();
    }

    /** The guest's own hypervisor gets the exit to be handled, as one for that reason. */
    public void reflect(ExitReason reason) {
        Vcpu vcpu = core.vcpu();
        vcpu.levels()
                .reflected()
                .begin(reason, exit.sinceOf(vcpu, core.clock()), vcpu.counts().nested());
    }

    /** Another virtual processor is loaded in the place of the one that exited: VMPTRLD. */
    public void switchTo(Vcpu next) {
        if (next != core.vcpu()) {
            exit.noteOthers();
        }
        core.load(next);
    }

    /**
     * The guest is to be left by that cycle. The hypervisor writes less into the preemption timer right before the
     * next entry, and adds what it took away right after the exit: what an exit saves is left of the field's own value.
     */
    public void preemptBy(long cycle) {
        deadlines.preemptBy(cycle);
    }

    /** What the last entry that failed found broken; empty if none did. */
    public String brokenRule() {
        return brokenRule;
    }

    /** Longest time that the hypervisor was without control of this core. */
    public long lostControlCycles() {
        return counts.lostControlCycles();
    }

    /** The hypervisor takes the core back from a guest that is switched off: no VM exit, and no cost. */
    public void takeBack() {
        core.vcpu().retention().forget();
        core.events().left();
        counts.takeBack();
        exit.noteOthers();
        root.enterFromGuest();
    }

    /** Whether every entry has led to an exit, or goes on. */
    public boolean entriesAndExitsAgree() {
        return counts.agree(mode.isNonRoot() || mode.isDeprivileged());
    }

    /** How far the core may run before something of its own happens; the hypervisor takes no interrupts. */
    long limit(long until) {
        return mode.isRoot() ? until : Math.min(until, deadlines.next(mode.isNonRoot()));
    }

    /** When something of the core's own happens next, or {@link LocalApic#NEVER}. */
    long nextEventCycle() {
        return deadlines.next(mode.isNonRoot());
    }

    /** An event exits in place of its delivery. */
    boolean exitOnEvent(Event event) {
        Vcpu vcpu = core.vcpu();
        boolean external = event.type() == InterruptionType.EXTERNAL_INTERRUPT;
        if (event.type().isException()) {
            vcpu.counts().exits().begin(ExitCounts.detail(ExitReason.EXCEPTION_NMI, event.vector()));
        }
        leave(external ? ExitReason.EXTERNAL_INTERRUPT : ExitReason.EXCEPTION_NMI, event.information());
        EventInformation.ofCause(event, vcpu.vmcs());
        if (event.type() == InterruptionType.NMI) {
            root.registers().interruptibility |= Interruptibility.BY_NMI;
        }
        return false;
    }

    /** An instruction exits; the guest's RIP stays at it. */
    boolean exitOnInstruction(ExitReason reason, Operation operation, Decision decision) {
        Vmcs vmcs = core.vcpu().vmcs();
        vmcs.write(VmcsField.EXIT_INSTRUCTION_LENGTH, decision.instructionLengthBytes());
        vmcs.write(VmcsField.EXIT_INSTRUCTION_INFORMATION, decision.instructionInformation());
        vmcs.write(VmcsField.GUEST_LINEAR_ADDRESS, decision.guestLinearAddress());
        boolean left = leave(reason, decision.qualification());
        exit.setOperands((int) operation.operand(), operation.value());
        return left;
    }

    /** A VM exit, asynchronous or as it says; returns false: run has to come back. */
    boolean leave(ExitReason reason, long qualification) {
        Vcpu vcpu = core.vcpu();
        exit.begin(vcpu, reason, core.clock());
        counts.exit(core.clock());
        save(vcpu, reason, qualification);
        msrs.store(vcpu, core.clock());
        core.events().left();
        if (!vcpu.levels().isInGuestHypervisor()) {
            vcpu.retention().leave(mmu);
        }
        core.spend(CyclePart.TRANSITIONS, costs.vmExit());
        if (!vcpu.vmcs().has(VmxControl.ENABLE_VPID)) {
            mmu.invalidate(Invalidation.transitionWithoutVpid());
        }
        root.enterFromGuest();
        msrs.loadHost(vcpu, core.clock());
        return core.request().make(RunOutcome.VM_EXIT);
    }

    private void save(Vcpu vcpu, ExitReason reason, long qualification) {
        Vmcs vmcs = vcpu.vmcs();
        deadlines.saveTimer(vmcs, core.clock());
        Registers r = vcpu.registers();
        r.rip = vcpu.lastFetch();
        core.events().returnFromHandler();
        vmcs.write(VmcsField.EXIT_REASON, reason.number());
        vmcs.write(VmcsField.EXIT_QUALIFICATION, qualification);
        EventInformation.ofInterruptedDelivery(core.delivery().underWay(), vmcs);
        mmu.tables().saveSecondStage(vmcs);
        GuestState.save(r, vmcs);
    }

    /**
     * VMRESUME: the loaded virtual processor goes on in non-root mode. Returns false if run has to come back.
     *
     * @throws IllegalStateException if the hypervisor has set up a VMCS that VMRESUME itself fails with
     */
    boolean enter() {
        VmEntryOutcome outcome = VmEntryChecks.checkChanged(core.vcpu().vmcs(), entryContext);
        return switch (outcome.kind()) {
            case SUCCEEDS -> enterChecked();
            case VMFAIL_INVALID, VMFAIL_VALID ->
                throw new IllegalStateException(core.vcpu().name() + ": VMRESUME fails with error "
                        + outcome.error().number() + ", for this is not so: " + outcome.rule());
            case ENTRY_FAILURE -> failEntry(outcome);
        };
    }

    /** An entry that fails leaves the guest's state as it is, and ends as a VM exit would (SDM vol. 3, 26.7). */
    private boolean failEntry(VmEntryOutcome outcome) {
        core.spend(CyclePart.TRANSITIONS, costs.vmEntry());
        endExit();
        outcome.record(core.vcpu().vmcs());
        counts.failEntry();
        brokenRule = outcome.rule();
        exit.begin(core.vcpu(), outcome.reason(), core.clock());
        root.enterFromGuest();
        msrs.loadHost(core.vcpu(), core.clock());
        return core.request().make(RunOutcome.VM_EXIT);
    }

    private boolean enterChecked() {
        Vcpu vcpu = core.vcpu();
        Vmcs vmcs = vcpu.vmcs();
        core.spend(CyclePart.TRANSITIONS, costs.vmEntry());
        if (!vmcs.has(VmxControl.ENABLE_VPID)) {
            mmu.invalidate(Invalidation.transitionWithoutVpid());
        }
        GuestState.load(vcpu.registers(), vmcs, entryContext.memory());
        msrs.enter(vcpu, core.clock());
        vcpu.registers().monitorArmed = false;
        vcpu.pauseLoop().startOver();
        mode.enterNonRoot(vcpu.levels().isInGuestHypervisor());
        mmu.tables().enterTwoStages(vcpu.registers(), vmcs);
        mmu.tables().enterSecondStage(vmcs);
        mmu.countForHypervisor(mode.runsHypervisor());
        counts.enter(core.clock());
        deadlines.startTimer(vmcs, core.clock());
        endExit();
        if (!vcpu.levels().isInGuestHypervisor()) {
            vcpu.retention().comeBack(mmu, exit.hadOthers(), vcpu.counts().retention());
            vcpu.levels().reflected().end(core.clock(), vcpu.counts().nested());
        }
        return core.events().entered(EventInformation.injected(vmcs, vcpu.registers().cr2));
    }

    /** What an exit took ends with the next entry, or when nothing is left to do for the hypervisor. */
    void endExit() {
        exit.end(core.clock());
    }

    /** Writes or reads which of all virtual processors the exit under way, if there is one, was of. */
    public void transferExit(Snapshot snapshot, List<Vcpu> all) {
        exit.transferExit(snapshot, all, core.vcpu());
    }

    void transfer(Snapshot snapshot) {
        root.transfer(snapshot);
        msrs.transfer(snapshot);
        exit.transfer(snapshot);
        counts.transfer(snapshot);
    }
}

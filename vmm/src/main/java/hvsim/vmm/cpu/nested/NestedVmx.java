package hvsim.vmm.cpu.nested;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.cpu.VmExit;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.ActivityState;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.ExitReasonField;
import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.tlb.Invalidation;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.memory.ComposedMemory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The virtual VMX operation of one processor of a guest hypervisor, which the machine's hypervisor provides: it hands the
 * nested guest's exits on, and does the guest hypervisor's VMX instructions.
 *
 * <pre>
 *   nested guest  --exit-->  [is it the guest hypervisor's?] --reflect--> guest hypervisor, in non-root mode
 *        ^                        | no: handled, VMRESUME                    | VMREAD, VMWRITE, INVEPT: exit, done, VMRESUME
 *        +------------------------+                                          | VMRESUME: exit, merge
 *        +-------------------------------------------------------------------+
 * </pre>
 */
public final class NestedVmx {
    /** The registers that an exit loads from the host state: CR0, CR3, CR4, RSP, RIP, RFLAGS, DR7, interruptibility. */
    private static final int FIELDS_OF_HOST_STATE = 8;

    private static final long RFLAGS_AT_EXIT = 2;

    private final Vcpu vcpu;
    private final ComposedMemory memory;
    private final GuestHypervisor hypervisor;
    private final HypervisorImage image;
    private final Vmcs vmcs01;
    private final Vmcs vmcs12 = new Vmcs();
    private final Vmcs vmcs02;
    private final @Nullable ShadowVmcs shadow;

    /**
     * @param guest whose virtual processor is at the level of the guest hypervisor, and all set up there; it ends at its guest's
     * @param image of the machine's hypervisor
     * @param shadow null without VMCS shadowing
     */
    NestedVmx(
            Guest guest,
            int nestedVpid,
            long nestedEptPointer,
            GuestHypervisor hypervisor,
            HypervisorImage image,
            @Nullable ShadowVmcs shadow) {
        this.vcpu = guest.vcpu();
        this.memory = (ComposedMemory) guest.memory();
        this.hypervisor = hypervisor;
        this.image = image;
        this.shadow = shadow;
        this.vmcs01 = vcpu.vmcs();
        if (shadow != null) {
            shadow.setUp(vmcs01);
        }
        vcpu.levels().enterGuest();
        this.vmcs02 = vcpu.vmcs();
        hypervisor.setUp(guest, nestedVpid, vmcs12);
        MergedVmcs.prepare(vmcs01, vmcs12, vmcs02);
        MergedVmcs.enter(vmcs01, vmcs12, vmcs02);
        vmcs02.write(VmcsField.EPT_POINTER, nestedEptPointer);
        vmcs02.write(VmcsField.VPID, nestedVpid);
    }

    /** Whether an exit is reflected, or on a VMX instruction of the guest hypervisor. */
    boolean takes(VmExit exit) {
        return vcpu.levels().isInGuestHypervisor()
                ? Reflection.isOfVmx(exit.reason())
                : Reflection.isDue(exit, vmcs12, memory);
    }

    /**
     * Handles an exit that it {@link #takes}.
     *
     * @param cores all of the machine
     * @param number of the one that the exit is on
     */
    public void handle(List<Core> cores, int number, VmExit exit, Program program) {
        if (vcpu.levels().isInGuestHypervisor()) {
            execute(cores, number, exit, program);
        } else {
            MergedVmcs.exit(vmcs02, vmcs12);
            reflect(cores.get(number), number, exit, program);
        }
    }

    /** Before an entry to the nested guest: an interrupt of the guest hypervisor exits to that first. */
    void takeInterrupt(Core core, int number, Program program) {
        if (!vcpu.levels().isInNestedGuest() || !hypervisor.interrupts().hasWaiting(vcpu.number())) {
            return;
        }
        MergedVmcs.exit(vmcs02, vmcs12);
        MergedVmcs.takeBackInjection(vmcs02, vmcs12);
        int vector = hypervisor.interrupts().acknowledge(vcpu.number());
        vmcs12.write(VmcsField.EXIT_REASON, ExitReason.EXTERNAL_INTERRUPT.number());
        vmcs12.write(VmcsField.EXIT_QUALIFICATION, 0);
        vmcs12.write(
                VmcsField.EXIT_INTERRUPTION_INFO,
                InterruptionInfo.pack(InterruptionType.EXTERNAL_INTERRUPT, vector, false));
        reflect(core, number, new VmExit(vcpu, 0, 0), program);
    }

    /** The guest hypervisor goes on where its VMCS says that exits lead to. */
    private void reflect(Core core, int number, VmExit exit, Program program) {
        add(program, Instruction.VMREAD, MergedVmcs.FIELDS_OF_AN_EXIT);
        image.addTableEdits(program, MergedVmcs.FIELDS_OF_AN_EXIT);
        vcpu.levels().enterGuestHypervisor();
        Program handler = vcpu.pushKernelProgram();
        vcpu.levels().enterGuest();
        hypervisor.handle(core, number, exit, vmcs12, handler);
        core.transitions().reflect(ExitReasonField.reason(vmcs12.read(VmcsField.EXIT_REASON)));
        enterHypervisor(program);
        if (shadow != null) {
            shadow.fill(core, vmcs12);
            addShadowAccess(program, Instruction.VMWRITE, ShadowVmcs.FILLED_FIELDS);
        }
    }

    private void enterHypervisor(Program program) {
        keepTimer(vmcs02, vmcs01);
        vcpu.levels().enterGuestHypervisor();
        Registers r = vcpu.registers();
        r.rflags = RFLAGS_AT_EXIT;
        r.interruptibility = 0;
        r.activity = ActivityState.ACTIVE;
        vcpu.saveRegisters();
        add(program, Instruction.VMPTRLD, 1);
        add(program, Instruction.VMWRITE, FIELDS_OF_HOST_STATE);
    }

    /** What is left of the slice. */
    private static void keepTimer(Vmcs from, Vmcs to) {
        to.write(VmcsField.PREEMPTION_TIMER_VALUE, from.read(VmcsField.PREEMPTION_TIMER_VALUE));
    }

    private void execute(List<Core> cores, int number, VmExit exit, Program program) {
        Core core = cores.get(number);
        switch (exit.reason()) {
            case VMREAD -> {
                vcpu.registers().rax = vmcs12.read(field(exit));
                image.addTableReads(program, 1);
            }
            case VMWRITE -> {
                vmcs12.write(field(exit), exit.value());
                image.addTableEdits(program, 1);
            }
            case INVEPT -> dropComposed(cores, program);
            case INVVPID -> dropTranslations(core, program);
            case VMRESUME -> {}
            default -> throw new IllegalStateException("no VMX instruction leads to " + exit.reason());
        }
        core.skipInstruction();
        if (exit.reason() == ExitReason.VMRESUME) {
            enterGuest(core, program);
        }
    }

    private void enterGuest(Core core, Program program) {
        if (shadow != null) {
            shadow.takeWritten(core, vmcs12);
            addShadowAccess(program, Instruction.VMREAD, ShadowVmcs.WRITTEN_FIELDS);
        }
        keepTimer(vmcs01, vmcs02);
        MergedVmcs.enter(vmcs01, vmcs12, vmcs02);
        vcpu.levels().enterGuest();
        image.addTableReads(program, MergedVmcs.FIELDS_OF_AN_ENTRY);
        add(program, Instruction.VMPTRLD, 1);
        add(program, Instruction.VMWRITE, MergedVmcs.FIELDS_OF_AN_ENTRY);
    }

    private static VmcsField field(VmExit exit) {
        return VmcsField.byEncoding(exit.operand())
                .orElseThrow(() -> new IllegalStateException("a guest hypervisor names no field: " + exit.operand()));
    }

    /** INVEPT: what was composed is made anew, whichever core has cached it. */
    private void dropComposed(List<Core> cores, Program program) {
        memory.dropComposed();
        cores.forEach(core -> core.mmu().invalidate(Invalidation.inveptContext(vmcs02.ep4ta())));
        add(program, Instruction.INVEPT, 1);
    }

    /** INVVPID. */
    private void dropTranslations(Core core, Program program) {
        core.mmu().invalidate(Invalidation.invvpidContext(vmcs02.effectiveVpid()));
        image.addInvvpid(program);
    }

    /** It goes on at another core: what that may have cached for either level from an earlier time is not used again. */
    void move(Core from, Core to) {
        to.mmu().invalidate(Invalidation.invvpidContext(vmcs01.effectiveVpid()));
        to.mmu().invalidate(Invalidation.invvpidContext(vmcs02.effectiveVpid()));
        if (shadow != null) {
            shadow.move(from, to);
        }
    }

    /** The shadow VMCS is accessed as the current one, and given back to the processor. */
    private static void addShadowAccess(Program program, Instruction access, int fields) {
        add(program, Instruction.VMPTRLD, 1);
        add(program, access, fields);
        add(program, Instruction.VMCLEAR, 1);
        add(program, Instruction.VMPTRLD, 1);
    }

    private static void add(Program program, Instruction instruction, int count) {
        for (int i = 0; i < count; i++) {
            program.add(GuestOp.instruction(instruction, 0, 0));
        }
    }

    void transfer(Snapshot snapshot) {
        vmcs12.transfer(snapshot);
    }
}

package hvsim.vmm.cpu.nested;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.cpu.VmExit;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.cpu.exit.GuestSetup;
import hvsim.vmm.cpu.exit.Hypercalls;
import hvsim.vmm.cpu.exit.NestedExits;
import hvsim.vmm.cpu.exit.PagingExits;
import hvsim.vmm.cpu.exit.Reinjection;
import hvsim.vmm.interrupt.NestedInterrupts;
import hvsim.vmm.memory.ComposedMemory;
import hvsim.vmm.memory.Frames;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A hypervisor that is a guest itself: it handles the exits of its guest as the machine's does, with programs that it
 * runs in non-root mode, in its own address space. All that it wants changed of its guest's state it writes by VMWRITE,
 * and what it does about its own timer and processors by WRMSR; these, its VMREADs and its VMRESUME, are what exits.
 */
final class GuestHypervisor {
    /** Where the guest goes on at the same instruction, if it stands at one at all. */
    private static final Set<ExitReason> NO_INSTRUCTION_IS_DONE = EnumSet.of(
            ExitReason.EXTERNAL_INTERRUPT,
            ExitReason.INTERRUPT_WINDOW,
            ExitReason.EPT_VIOLATION,
            ExitReason.EXCEPTION_NMI);

    private final HardwareSpec spec;
    private final HypervisorImage image;
    private final GuestSetup setup;
    private final PagingExits paging;
    private final NestedInterrupts interrupts;
    private final int firstVcpu;

    /** @param vm the virtual processors of its VM, at the level of their guest */
    GuestHypervisor(PhysicalMemory memory, List<Guest> vm, NestedInterrupts interrupts) {
        this.spec = vm.get(0).ownHypervisor().orElseThrow();
        this.interrupts = interrupts;
        this.firstVcpu = vm.get(0).vcpu().number();
        ComposedMemory composed = (ComposedMemory) vm.get(0).memory();
        Frames frames = composed.ownFrames();
        PageTable machine = composed.outerTable();
        List<Guest> nested = new ArrayList<>();
        for (Guest guest : vm) {
            nested.add(new Guest(guest.vcpu(), composed.inner(), guest.number(), guest.vpid(), frames));
        }
        this.image = new HypervisorImage(memory, machine, frames, nested);
        this.setup = new GuestSetup(memory, frames, machine::translate, spec, image);
        this.paging = new NestedExits(image, composed.inner(), false);
    }

    /** Its registers when it runs, and the fields of the VMCS that it has written for its guest. */
    void setUp(Guest guest, int nestedVpid, Vmcs vmcs12) {
        Vcpu vcpu = guest.vcpu();
        Vmcs before = vcpu.levels().use(vmcs12);
        Guest nested = new Guest(vcpu, guest.memory(), guest.number(), nestedVpid, guest.hostFrames());
        setup.setUp(nested);
        paging.setUp(nested);
        interrupts.setUp(vcpu);
        vcpu.levels().use(before);
    }

    /** What goes into its CR3 and CR4. */
    void loadRegisters(Registers registers) {
        registers.cr3 = image.cr3();
        registers.cr4 |= Registers.CR4_VMXE | image.cr4();
    }

    NestedInterrupts interrupts() {
        return interrupts;
    }

    /**
     * Fills in what it runs from its guest's exit to its VMRESUME. At once it changes what it keeps in its own memory; of
     * the VMCS it sees a copy, and what it changes there is written by its program.
     *
     * @param number of the core
     * @param exit that it sees in {@code vmcs12}
     */
    void handle(Core core, int number, VmExit exit, Vmcs vmcs12, Program program) {
        Vmcs seen = vmcs12.copy();
        Vmcs before = exit.vcpu().levels().use(seen);
        int vcpu = exit.vcpu().number();
        ExitReason reason = exit.reason();
        image.addCommonPath(program, vcpu - firstVcpu, reason);
        program.add(GuestOp.work(spec.dispatchCycles() + spec.cyclesOf(reason)));
        interrupts.left(number, vcpu);
        answer(core, number, exit, reason, program);
        Reinjection.ofInterrupted(exit);
        interrupts.enter(program, vcpu);
        addWrites(program, vmcs12, seen, !NO_INSTRUCTION_IS_DONE.contains(reason));
        image.addResume(program);
        exit.vcpu().levels().use(before);
    }

    private void answer(Core core, int number, VmExit exit, ExitReason reason, Program program) {
        switch (reason) {
            case EXTERNAL_INTERRUPT -> image.addEndOfInterrupt(program);
            case INTERRUPT_WINDOW -> {} // the entry injects what waits
            case EPT_VIOLATION -> paging.secondStageViolation(core, exit, program);
            case CR_ACCESS -> paging.controlRegister(core, exit, program);
            case INVLPG -> {
                paging.invalidatePage(core, exit, program);
                image.addInvvpid(program);
            }
            case INVPCID -> paging.invalidateProcess(core, exit, program);
            case EXCEPTION_NMI -> Reinjection.ofCause(exit);
            case VMCALL -> Hypercalls.answer(core, exit);
            case HLT -> halt(core, exit, program);
            case MSR_READ -> {
                if (!interrupts.accesses().readMsr(number, exit)) {
                    core.emulate();
                }
            }
            case MSR_WRITE -> {
                if (!interrupts.accesses().writeMsr(program, number, exit)) {
                    core.emulate();
                }
            }
            default -> core.emulate();
        }
    }

    /** It has nothing else to run. */
    private void halt(Core core, VmExit exit, Program program) {
        core.emulate();
        if (interrupts.waits(exit.vcpu())) {
            program.add(GuestOp.instruction(Instruction.HLT, 0, 0));
        }
    }

    /** RIP is written where the guest goes on after an instruction: only programs with fetches have a value for it. */
    private static void addWrites(Program program, Vmcs vmcs12, Vmcs changed, boolean goesPast) {
        for (VmcsField field : VmcsField.values()) {
            boolean writes = changed.read(field) != vmcs12.read(field) || goesPast && field == VmcsField.GUEST_RIP;
            if (writes && field.type() != VmcsField.Type.EXIT_INFORMATION) {
                program.add(
                        GuestOp.instructionWithValue(Instruction.VMWRITE, 0, field.encoding()), changed.read(field));
            }
        }
    }

    void transfer(Snapshot snapshot) {
        interrupts.transfer(snapshot);
    }
}

package hvsim.vmm.cpu;

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
import hvsim.tlb.Invalidation;
import java.util.List;

/**
 * What the hypervisor does about each exit reason: it changes what has to change, and fills in the program
 * that stands for the time this takes.
 */
final class ExitDispatcher {
    // Exit qualifications: control-register accesses 3:0 number, 4 from; I/O 3 IN.
    private static final int CR_NUMBER = 0xF;
    private static final int CR_FROM = 1 << 4;
    private static final int IO_IN = 1 << 3;

    /** A hypervisor that maps a frame writes the entry, and its own account of the frame. */
    private static final int EDITS_OF_A_MAPPING = 4;

    private static final long INTERRUPTION_VALID = 1L << 31;
    private static final long INTERRUPTION_VECTOR = 0xFF;
    private static final int PAGE_FAULT = 14;

    private final Core core;
    private final HardwareSpec spec;
    private final HypervisorImage image;
    private final HardwareAssisted technique;
    private Turns turns = new Turns(List.of());

    ExitDispatcher(Core core, HardwareSpec spec, HypervisorImage image, HardwareAssisted technique) {
        this.core = core;
        this.spec = spec;
        this.image = image;
        this.technique = technique;
    }

    void setTurns(Turns all) {
        turns = all;
    }

    void handle(VmExit exit) {
        ExitReason reason = exit.reason();
        Program program = core.transitions().hostProgram();
        image.addCommonPath(program, technique.numberOf(exit.vcpu()), reason);
        program.add(GuestOp.work(spec.dispatchCycles() + spec.cyclesOf(reason)));
        switch (reason) {
            case CPUID -> core.emulate(Instruction.CPUID, 0, 0);
            case VMCALL -> core.emulate(Instruction.VMCALL, 0, 0);
            case RDTSC -> core.emulate(Instruction.RDTSC, 0, 0);
            case PAUSE_INSTRUCTION -> core.emulate(Instruction.PAUSE, 0, 0);
            case MSR_READ -> core.emulate(Instruction.RDMSR, exit.operand(), 0);
            case MSR_WRITE -> core.emulate(Instruction.WRMSR, exit.operand(), exit.value());
            case IO_INSTRUCTION ->
                core.emulate(
                        (exit.qualification() & IO_IN) != 0 ? Instruction.IN : Instruction.OUT,
                        exit.operand(),
                        exit.value());
            case CR_ACCESS -> accessControlRegister(exit);
            case INVLPG -> invalidatePage(exit);
            case EPT_VIOLATION -> giveFrame(exit, program);
            case EPT_MISCONFIG -> throw new IllegalStateException("the hypervisor's own tables are malformed");
            case EXCEPTION_NMI -> reflect(exit);
            case HLT -> {
                core.emulate(Instruction.HLT, 0, 0);
                technique.addTurn(program, turns.next());
            }
            case PREEMPTION_TIMER, EXTERNAL_INTERRUPT -> technique.addTurn(program, turns.next());
            case INVALID_STATE, MSR_LOAD_FAIL, MCE_DURING_VMENTRY ->
                throw new IllegalStateException(
                        exit.vcpu().name() + ": the VM entry fails with reason " + reason.number()
                                + ", for this is not so: " + core.transitions().brokenRule());
            case TRIPLE_FAULT,
                    INIT_SIGNAL,
                    SIPI_SIGNAL,
                    IO_SMI,
                    OTHER_SMI,
                    INTERRUPT_WINDOW,
                    NMI_WINDOW,
                    TASK_SWITCH,
                    GETSEC,
                    INVD,
                    RDPMC,
                    RSM,
                    VMCLEAR,
                    VMLAUNCH,
                    VMPTRLD,
                    VMPTRST,
                    VMREAD,
                    VMRESUME,
                    VMWRITE,
                    VMOFF,
                    VMON,
                    DR_ACCESS,
                    MWAIT_INSTRUCTION,
                    MONITOR_TRAP_FLAG,
                    MONITOR_INSTRUCTION,
                    TPR_BELOW_THRESHOLD,
                    APIC_ACCESS,
                    EOI_INDUCED,
                    GDTR_IDTR,
                    LDTR_TR,
                    INVEPT,
                    RDTSCP,
                    INVVPID,
                    WBINVD,
                    XSETBV,
                    APIC_WRITE,
                    RDRAND,
                    INVPCID,
                    VMFUNC,
                    ENCLS,
                    RDSEED,
                    PML_FULL,
                    XSAVES,
                    XRSTORS,
                    PCONFIG,
                    SPP_EVENT,
                    UMWAIT,
                    TPAUSE,
                    LOADIWKEY,
                    ENCLV,
                    ENQCMD,
                    ENQCMDS,
                    BUS_LOCK,
                    NOTIFY,
                    SEAMCALL,
                    TDCALL,
                    RDMSRLIST,
                    WRMSRLIST,
                    URDMSR,
                    UWRMSR,
                    RDMSR_IMMEDIATE,
                    WRMSRNS_IMMEDIATE ->
                throw new IllegalStateException("this hypervisor sets no control that leads to " + reason);
        }
        image.addResume(program);
    }

    private void accessControlRegister(VmExit exit) {
        int number = (int) exit.qualification() & CR_NUMBER;
        boolean from = (exit.qualification() & CR_FROM) != 0;
        Vcpu vcpu = exit.vcpu();
        switch (number) {
            case 3 -> {
                if (from) {
                    vcpu.observe(Instruction.MOV_FROM_CR3, vcpu.registers().cr3);
                } else {
                    loadCr3(vcpu, exit.value());
                }
            }
            default -> {
                // CR0 and CR4: nothing in them that the model's guests change
            }
        }
        vcpu.skipOperation();
    }

    private void loadCr3(Vcpu vcpu, long value) {
        Vmcs vmcs = vcpu.vmcs();
        long cr3 = value == 0 ? vmcs.read(VmcsField.GUEST_CR3) : value & ~Registers.CR3_KEEP;
        vmcs.write(VmcsField.GUEST_CR3, cr3);
        if ((value & Registers.CR3_KEEP) == 0) {
            int pcid = (vmcs.read(VmcsField.GUEST_CR4) & Registers.CR4_PCIDE) == 0 ? 0 : (int) cr3 & Registers.CR3_PCID;
            core.mmu().invalidate(Invalidation.movCr3(vmcs.effectiveVpid(), pcid));
        }
    }

    private void invalidatePage(VmExit exit) {
        core.mmu()
                .invalidate(Invalidation.invvpidAddress(
                        exit.vcpu().vmcs().effectiveVpid(), exit.value() & GuestOp.GVA_MASK));
        exit.vcpu().skipOperation();
    }

    /** The guest touched memory that it has but was not given yet; the access is then tried again. */
    private void giveFrame(VmExit exit, Program program) {
        technique.guestOf(exit.vcpu()).memory().back(exit.guestPhysicalAddress());
        image.addTableEdits(program, EDITS_OF_A_MAPPING);
    }

    /** An exception that the guest's kernel is to handle after all goes back with the next entry. */
    private static void reflect(VmExit exit) {
        Vmcs vmcs = exit.vcpu().vmcs();
        long info = vmcs.read(VmcsField.EXIT_INTERRUPTION_INFO);
        if ((info & INTERRUPTION_VECTOR) == PAGE_FAULT) {
            exit.vcpu().registers().cr2 = exit.qualification(); // no entry loads CR2: that is software's task
        }
        vmcs.write(VmcsField.ENTRY_INTERRUPTION_INFO, info | INTERRUPTION_VALID);
        vmcs.write(VmcsField.ENTRY_EXCEPTION_ERROR_CODE, vmcs.read(VmcsField.EXIT_INTERRUPTION_ERROR_CODE));
    }
}

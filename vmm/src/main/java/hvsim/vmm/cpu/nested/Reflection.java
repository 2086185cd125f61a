package hvsim.vmm.cpu.nested;

import hvsim.cpu.VmExit;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.vmm.cpu.exit.GuestSetup;
import hvsim.vmm.memory.ComposedMemory;

/**
 * Whose an exit of a nested guest is: its own hypervisor's if that has asked for it, as if there were no other below;
 * the machine's hypervisor keeps what it has asked for itself.
 */
final class Reflection {
    private static final long ACCESS = 7;
    private static final int CR3 = 3;
    private static final int STORE = 1;

    private Reflection() {}

    /** @param vmcs12 what the guest hypervisor has asked for */
    static boolean isDue(VmExit exit, Vmcs vmcs12, ComposedMemory memory) {
        return switch (exit.reason()) {
            case EXTERNAL_INTERRUPT,
                    PREEMPTION_TIMER,
                    EPT_MISCONFIG,
                    PML_FULL,
                    INIT_SIGNAL,
                    SIPI_SIGNAL,
                    IO_SMI,
                    OTHER_SMI,
                    INVALID_STATE,
                    MSR_LOAD_FAIL,
                    MCE_DURING_VMENTRY,
                    NOTIFY,
                    BUS_LOCK -> false;
            case EPT_VIOLATION -> !memory.isInnerAllowing(exit.guestPhysicalAddress(), exit.qualification() & ACCESS);
            case EXCEPTION_NMI -> isException(exit, vmcs12);
            case HLT -> vmcs12.has(VmxControl.HLT_EXITING);
            case RDTSC, RDTSCP -> vmcs12.has(VmxControl.RDTSC_EXITING);
            case INVLPG, INVPCID -> vmcs12.has(VmxControl.INVLPG_EXITING);
            case PAUSE_INSTRUCTION -> vmcs12.has(VmxControl.PAUSE_EXITING) || vmcs12.has(VmxControl.PAUSE_LOOP_EXITING);
            case CR_ACCESS -> isControlRegister(exit.qualification(), vmcs12);
            case MSR_READ, MSR_WRITE ->
                !vmcs12.has(VmxControl.USE_MSR_BITMAPS) || !GuestSetup.isPassedThrough(exit.operand());
            case TRIPLE_FAULT,
                    INTERRUPT_WINDOW,
                    NMI_WINDOW,
                    TASK_SWITCH,
                    CPUID,
                    GETSEC,
                    INVD,
                    RDPMC,
                    RSM,
                    VMCALL,
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
                    IO_INSTRUCTION,
                    MWAIT_INSTRUCTION,
                    MONITOR_TRAP_FLAG,
                    MONITOR_INSTRUCTION,
                    TPR_BELOW_THRESHOLD,
                    APIC_ACCESS,
                    EOI_INDUCED,
                    GDTR_IDTR,
                    LDTR_TR,
                    INVEPT,
                    INVVPID,
                    WBINVD,
                    XSETBV,
                    APIC_WRITE,
                    RDRAND,
                    VMFUNC,
                    ENCLS,
                    RDSEED,
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
                    SEAMCALL,
                    TDCALL,
                    RDMSRLIST,
                    WRMSRLIST,
                    URDMSR,
                    UWRMSR,
                    RDMSR_IMMEDIATE,
                    WRMSRNS_IMMEDIATE -> true;
        };
    }

    /** A non-maskable interrupt is the host's. */
    private static boolean isException(VmExit exit, Vmcs vmcs12) {
        long info = exit.vcpu().vmcs().read(VmcsField.EXIT_INTERRUPTION_INFO);
        return InterruptionInfo.type(info) != InterruptionType.NMI
                && (vmcs12.read(VmcsField.EXCEPTION_BITMAP) >>> InterruptionInfo.vector(info) & 1) != 0;
    }

    /** Exit qualification: the register's number, and in bits 5:4 the kind of access (SDM vol. 3, table 27-3). */
    private static boolean isControlRegister(long qualification, Vmcs vmcs12) {
        if ((qualification & 0xF) != CR3) {
            return true;
        }
        boolean stores = (qualification >>> 4 & 3) == STORE;
        return vmcs12.has(stores ? VmxControl.CR3_STORE_EXITING : VmxControl.CR3_LOAD_EXITING);
    }

    /** Whether an exit of a guest hypervisor is on an instruction that manages VMCSs, or what is cached for guests. */
    static boolean isOfVmx(ExitReason reason) {
        return switch (reason) {
            case VMREAD, VMWRITE, VMRESUME, INVEPT, INVVPID -> true;
            default -> false;
        };
    }
}

package hvsim.cpu.vmx;

import hvsim.cpu.state.Passage;
import org.jspecify.annotations.Nullable;

/**
 * Basic exit reasons. The constants are spelt as perf kvm stat prints them.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), appendix C.
 */
public enum ExitReason implements Passage {
    EXCEPTION_NMI(0, "Exception or NMI"),
    EXTERNAL_INTERRUPT(1, "External interrupt"),
    TRIPLE_FAULT(2, "Triple fault"),
    INIT_SIGNAL(3, "INIT signal"),
    SIPI_SIGNAL(4, "Start-up IPI (SIPI)"),
    IO_SMI(5, "I/O SMI"),
    OTHER_SMI(6, "Other SMI"),
    INTERRUPT_WINDOW(7, "Interrupt window"),
    NMI_WINDOW(8, "NMI window"),
    TASK_SWITCH(9, "Task switch"),
    CPUID(10, "CPUID"),
    GETSEC(11, "GETSEC"),
    HLT(12, "HLT"),
    INVD(13, "INVD"),
    INVLPG(14, "INVLPG"),
    RDPMC(15, "RDPMC"),
    RDTSC(16, "RDTSC"),
    RSM(17, "RSM"),
    VMCALL(18, "VMCALL"),
    VMCLEAR(19, "VMCLEAR"),
    VMLAUNCH(20, "VMLAUNCH"),
    VMPTRLD(21, "VMPTRLD"),
    VMPTRST(22, "VMPTRST"),
    VMREAD(23, "VMREAD"),
    VMRESUME(24, "VMRESUME"),
    VMWRITE(25, "VMWRITE"),
    VMOFF(26, "VMXOFF"),
    VMON(27, "VMXON"),
    CR_ACCESS(28, "Control-register accesses"),
    DR_ACCESS(29, "Debug-register access"),
    IO_INSTRUCTION(30, "I/O instruction"),
    MSR_READ(31, "RDMSR"),
    MSR_WRITE(32, "WRMSR"),
    INVALID_STATE(33, "VM-entry failure: invalid guest state"),
    MSR_LOAD_FAIL(34, "VM-entry failure: MSR loading"),
    MWAIT_INSTRUCTION(36, "MWAIT"),
    MONITOR_TRAP_FLAG(37, "Monitor trap flag"),
    MONITOR_INSTRUCTION(39, "MONITOR"),
    PAUSE_INSTRUCTION(40, "PAUSE"),
    MCE_DURING_VMENTRY(41, "VM-entry failure: machine check"),
    TPR_BELOW_THRESHOLD(43, "TPR below threshold"),
    APIC_ACCESS(44, "APIC access"),
    EOI_INDUCED(45, "Virtualized EOI"),
    GDTR_IDTR(46, "GDTR or IDTR access"),
    LDTR_TR(47, "LDTR or TR access"),
    EPT_VIOLATION(48, "EPT violation"),
    EPT_MISCONFIG(49, "EPT misconfiguration"),
    INVEPT(50, "INVEPT"),
    RDTSCP(51, "RDTSCP"),
    PREEMPTION_TIMER(52, "VMX-preemption timer expired"),
    INVVPID(53, "INVVPID"),
    WBINVD(54, "WBINVD or WBNOINVD"),
    XSETBV(55, "XSETBV"),
    APIC_WRITE(56, "APIC write"),
    RDRAND(57, "RDRAND"),
    INVPCID(58, "INVPCID"),
    VMFUNC(59, "VMFUNC"),
    ENCLS(60, "ENCLS"),
    RDSEED(61, "RDSEED"),
    PML_FULL(62, "Page-modification log full"),
    XSAVES(63, "XSAVES"),
    XRSTORS(64, "XRSTORS"),
    PCONFIG(65, "PCONFIG"),
    SPP_EVENT(66, "SPP-related event"),
    UMWAIT(67, "UMWAIT"),
    TPAUSE(68, "TPAUSE"),
    LOADIWKEY(69, "LOADIWKEY"),
    ENCLV(70, "ENCLV"),
    ENQCMD(72, "ENQCMD PASID translation failure"),
    ENQCMDS(73, "ENQCMDS PASID translation failure"),
    BUS_LOCK(74, "Bus lock"),
    NOTIFY(75, "Instruction timeout (notify)"),
    SEAMCALL(76, "SEAMCALL"),
    TDCALL(77, "TDCALL"),
    RDMSRLIST(78, "RDMSRLIST"),
    WRMSRLIST(79, "WRMSRLIST"),
    URDMSR(80, "URDMSR"),
    UWRMSR(81, "UWRMSR"),
    RDMSR_IMMEDIATE(84, "RDMSR, immediate form"),
    WRMSRNS_IMMEDIATE(85, "WRMSRNS, immediate form");

    /** No reason has a higher one. */
    public static final int LAST_NUMBER = 85;

    /** How many there are. */
    public static final int COUNT = values().length;

    private static final @Nullable ExitReason[] BY_NUMBER = new ExitReason[LAST_NUMBER + 1];

    static {
        for (ExitReason reason : values()) {
            BY_NUMBER[reason.number] = reason;
        }
    }

    private final int number;
    private final String sdmName;

    ExitReason(int number, String sdmName) {
        this.number = number;
        this.sdmName = sdmName;
    }

    /** The number in bits 15:0 of the exit-reason field. */
    @Override
    public int number() {
        return number;
    }

    @Override
    public String sdmName() {
        return sdmName;
    }

    @Override
    public int place() {
        return ordinal();
    }

    /**
     * The reason with that number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ExitReason byNumber(int number) {
        ExitReason reason = number < 0 || number > LAST_NUMBER ? null : BY_NUMBER[number];
        if (reason == null) {
            throw new IllegalArgumentException("no exit reason " + number);
        }
        return reason;
    }
}

package hvsim.cpu.svm;

import hvsim.cpu.vmx.ExitReason;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Intercepts that stand for exits of VT-x, with EXITCODE (VMCB offset 70H). Where SVM has a code for each register or
 * vector, one constant stands for all, with the first code; where SVM has one code for two reasons of VT-x, EXITINFO1
 * tells them apart, and the text shows how.
 */
public enum SvmExit {
    VMEXIT_CR(0x00, "CRn read (0 to F) or write (10 to 1F)", ExitReason.CR_ACCESS),
    VMEXIT_DR(0x20, "DRn read (20 to 2F) or write (30 to 3F)", ExitReason.DR_ACCESS),
    VMEXIT_EXCP(0x40, "exception 0 to 31 (40 to 5F), or NMI (61)", ExitReason.EXCEPTION_NMI),
    VMEXIT_INTR(0x60, "external interrupt", ExitReason.EXTERNAL_INTERRUPT),
    VMEXIT_INIT(0x63, "INIT", ExitReason.INIT_SIGNAL),
    VMEXIT_VINTR(0x64, "virtual interrupt: the window", ExitReason.INTERRUPT_WINDOW),
    VMEXIT_DTR(0x66, "descriptor-table read (66 to 69) or write (6A to 6D)", ExitReason.GDTR_IDTR, ExitReason.LDTR_TR),
    VMEXIT_RDTSC(0x6e, "RDTSC", ExitReason.RDTSC),
    VMEXIT_RDPMC(0x6f, "RDPMC", ExitReason.RDPMC),
    VMEXIT_CPUID(0x72, "CPUID", ExitReason.CPUID),
    VMEXIT_RSM(0x73, "RSM", ExitReason.RSM),
    VMEXIT_IRET(0x74, "IRET: the window of NMIs", ExitReason.NMI_WINDOW),
    VMEXIT_INVD(0x76, "INVD", ExitReason.INVD),
    VMEXIT_PAUSE(0x77, "PAUSE", ExitReason.PAUSE_INSTRUCTION),
    VMEXIT_HLT(0x78, "HLT", ExitReason.HLT),
    VMEXIT_INVLPG(0x79, "INVLPG", ExitReason.INVLPG),
    VMEXIT_IOIO(0x7b, "IN or OUT", ExitReason.IO_INSTRUCTION),
    VMEXIT_MSR(0x7c, "RDMSR (EXITINFO1 is 0) or WRMSR (1)", ExitReason.MSR_READ, ExitReason.MSR_WRITE),
    VMEXIT_TASK_SWITCH(0x7d, "task switch", ExitReason.TASK_SWITCH),
    VMEXIT_SHUTDOWN(0x7f, "shutdown, as by a triple fault", ExitReason.TRIPLE_FAULT),
    VMEXIT_VMMCALL(0x81, "VMMCALL", ExitReason.VMCALL),
    VMEXIT_RDTSCP(0x87, "RDTSCP", ExitReason.RDTSCP),
    VMEXIT_WBINVD(0x89, "WBINVD", ExitReason.WBINVD),
    VMEXIT_MONITOR(0x8a, "MONITOR", ExitReason.MONITOR_INSTRUCTION),
    VMEXIT_MWAIT(0x8b, "MWAIT", ExitReason.MWAIT_INSTRUCTION),
    VMEXIT_XSETBV(0x8d, "XSETBV", ExitReason.XSETBV),
    VMEXIT_INVPCID(0xa2, "INVPCID", ExitReason.INVPCID),
    VMEXIT_NPF(
            0x400,
            "nested page fault (EXITINFO1 has a page fault's code; its RSVD where VT-x has a misconfiguration)",
            ExitReason.EPT_VIOLATION,
            ExitReason.EPT_MISCONFIG),
    VMEXIT_AVIC_NOACCEL(
            0x402,
            "an access to the APIC that AVIC does not accelerate",
            ExitReason.APIC_ACCESS,
            ExitReason.APIC_WRITE,
            ExitReason.EOI_INDUCED,
            ExitReason.TPR_BELOW_THRESHOLD),
    VMEXIT_INVALID(-1, "a VMCB that VMRUN refuses", ExitReason.INVALID_STATE);

    private final int code;
    private final String meaning;
    private final Set<ExitReason> reasons;

    SvmExit(int code, String meaning, ExitReason... reasons) {
        this.code = code;
        this.meaning = meaning;
        this.reasons = Set.of(reasons);
    }

    /** EXITCODE, or the first of several. */
    public int code() {
        return code;
    }

    /** In words; codes in hexadecimal. */
    public String meaning() {
        return meaning;
    }

    /** What VT-x calls it. */
    public Set<ExitReason> reasons() {
        return reasons;
    }

    /** Empty if SVM has no such exit. */
    public static Optional<SvmExit> of(ExitReason reason) {
        return Stream.of(values()).filter(exit -> exit.reasons.contains(reason)).findFirst();
    }

    /** The name in a report, unlike that of any other reason. */
    public String named(ExitReason reason) {
        return switch (reason) {
            case MSR_READ -> name() + ":R";
            case MSR_WRITE -> name() + ":W";
            case EPT_MISCONFIG -> name() + ":RSVD";
            default -> reasons.size() == 1 || reason == ExitReason.EPT_VIOLATION ? name() : name() + ":" + reason;
        };
    }
}

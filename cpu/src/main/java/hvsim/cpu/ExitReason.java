package hvsim.cpu;

/**
 * Basic exit reasons. The constants are spelt as perf kvm stat prints them.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), appendix C.
 */
public enum ExitReason {
    EXCEPTION_NMI(0, "Exception or NMI"),
    EXTERNAL_INTERRUPT(1, "External interrupt"),
    CPUID(10, "CPUID"),
    HLT(12, "HLT"),
    INVLPG(14, "INVLPG"),
    RDTSC(16, "RDTSC"),
    VMCALL(18, "VMCALL"),
    CR_ACCESS(28, "Control-register accesses"),
    IO_INSTRUCTION(30, "I/O instruction"),
    MSR_READ(31, "RDMSR"),
    MSR_WRITE(32, "WRMSR"),
    PAUSE_INSTRUCTION(40, "PAUSE"),
    EPT_VIOLATION(48, "EPT violation"),
    EPT_MISCONFIG(49, "EPT misconfiguration"),
    PREEMPTION_TIMER(52, "VMX-preemption timer expired");

    private final int number;
    private final String sdmName;

    ExitReason(int number, String sdmName) {
        this.number = number;
        this.sdmName = sdmName;
    }

    /** The number in bits 15:0 of the exit-reason field. */
    public int number() {
        return number;
    }

    public String sdmName() {
        return sdmName;
    }

    /** The reason with that number. */
    public static ExitReason byNumber(int number) {
        for (ExitReason reason : values()) {
            if (reason.number == number) {
                return reason;
            }
        }
        throw new IllegalArgumentException("no exit reason " + number);
    }
}

package hvsim.scenarios.file;

import java.util.List;

/** The exit reasons this version can meet, as {@code perf kvm stat} spells them, ordered by SDM number. */
public final class ExitNames {
    public static final List<String> ALL = List.of(
            "EXCEPTION_NMI",
            "EXTERNAL_INTERRUPT",
            "CPUID",
            "HLT",
            "INVLPG",
            "RDTSC",
            "VMCALL",
            "CR_ACCESS",
            "IO_INSTRUCTION",
            "MSR_READ",
            "MSR_WRITE",
            "PAUSE_INSTRUCTION",
            "EPT_VIOLATION",
            "EPT_MISCONFIG",
            "PREEMPTION_TIMER");

    private ExitNames() {}
}

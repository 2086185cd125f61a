package hvsim.scenarios.file;

/** How the guest's instructions are run. */
public enum CpuTechnique implements Choice {
    /** No hypervisor: the baseline. */
    NATIVE("native"),
    /** At CPL 3; what may not be done there faults into the hypervisor. */
    TRAP_AND_EMULATE("trap_and_emulate"),
    /** In non-root mode; the VMCS says what exits. */
    HARDWARE("hardware");

    private final String word;

    CpuTechnique(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}

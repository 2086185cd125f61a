package hvsim.scenarios.file;

/** How the guest's instructions are run. */
public enum CpuTechnique implements Choice {
    /** No hypervisor: the baseline. */
    NATIVE("native"),
    /** At CPL 3; what may not be done there faults into the hypervisor. */
    TRAP_AND_EMULATE("trap_and_emulate"),
    /** The kernel's code is translated while it runs, and the translation runs at CPL 1. */
    BINARY_TRANSLATION("binary_translation"),
    /** At CPL 3, or with its kernel at CPL 1, which was changed to ask for what may not be done there. */
    PARAVIRTUAL("paravirtual"),
    /** In non-root mode; the VMCS says what exits. */
    HARDWARE("hardware");

    private final String word;

    CpuTechnique(String word) {
        this.word = word;
    }

    /** Whether guests run outside VMX, with less privilege than they believe to have. */
    public boolean isDeprivileging() {
        return switch (this) {
            case TRAP_AND_EMULATE, BINARY_TRANSLATION, PARAVIRTUAL -> true;
            case NATIVE, HARDWARE -> false;
        };
    }

    @Override
    public String word() {
        return word;
    }
}

package hvsim.scenarios.file;

/** Whose processor it is: the names that its exits have. Its rules are those of VT-x, but where the docs say otherwise. */
public enum Vendor implements Choice {
    /** VT-x: VMCS, EPT, VPID. */
    INTEL("intel"),
    /** SVM: VMCB, NPT, ASID. */
    AMD("amd");

    private final String word;

    Vendor(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}

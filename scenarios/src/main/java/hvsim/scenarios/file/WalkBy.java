package hvsim.scenarios.file;

/** {@code machine.walk.by}: who walks the tables when the TLB lacks a translation. */
public enum WalkBy implements Choice {
    HARDWARE("hardware"),
    /** A handler of the kernel's, or of the hypervisor. */
    SOFTWARE("software");

    private final String word;

    WalkBy(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}

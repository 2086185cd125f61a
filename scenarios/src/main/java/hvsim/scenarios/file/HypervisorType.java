package hvsim.scenarios.file;

/** Where the hypervisor runs. */
public enum HypervisorType implements Choice {
    /** On the machine itself. */
    BARE_METAL("bare_metal"),
    /** Within a host's kernel, or beside it. */
    HOSTED("hosted");

    private final String word;

    HypervisorType(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}

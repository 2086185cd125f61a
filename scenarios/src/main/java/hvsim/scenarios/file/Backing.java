package hvsim.scenarios.file;

/** When the frames behind a VM's memory are given. */
public enum Backing implements Choice {
    /** At the first EPT violation. */
    DEMAND("demand"),
    /** Before the VM starts. */
    PREMAPPED("premapped");

    private final String word;

    Backing(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}

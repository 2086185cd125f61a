package hvsim.scenarios.file;

/** {@code hypervisor.device}: how guests are given devices. */
public enum DeviceTechnique implements Choice {
    /** A model in the hypervisor answers each access to a register. */
    EMULATED("emulated");

    private final String word;

    DeviceTechnique(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}

package hvsim.scenarios.file;

/** {@code hypervisor.host.passage}: the way from a hosted hypervisor to what its host does. */
public enum HostPassage implements Choice {
    /** The host's kernel is the hypervisor, and goes to the VM's process in user mode. */
    USER_SPACE("user_space"),
    /** The whole state of the processor is swapped with the host's. */
    WORLD_SWITCH("world_switch");

    private final String word;

    HostPassage(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}

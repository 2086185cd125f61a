package hvsim.scenarios.file;

/** {@code hypervisor.handlers.ports}: who answers a guest's accesses to I/O ports. */
public enum Ports implements Choice {
    KERNEL("kernel"),
    USER_SPACE("user_space");

    private final String word;

    Ports(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}

package hvsim.scenarios.file;

/** {@code machine.devices.NAME.sharing}: what a device does so that several can have it at a time. */
public enum Sharing implements Choice {
    /** Nothing: it belongs to one. */
    NONE("none");

    private final String word;

    Sharing(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}

package hvsim.scenarios.file;

/** {@code machine.devices.NAME.kind}: what a device is. */
public enum DeviceKind implements Choice {
    /** A network adapter. */
    NIC("nic");

    private final String word;

    DeviceKind(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}

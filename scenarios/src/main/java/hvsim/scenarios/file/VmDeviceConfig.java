package hvsim.scenarios.file;

/** {@code vms.NAME.devices.NAME}: a device of the machine that a VM uses, and what comes to the VM by it. */
public record VmDeviceConfig(DeviceTechnique technique, TrafficConfig traffic) {
    /** The same as far as it matters without a hypervisor below. */
    VmDeviceConfig natively() {
        return new VmDeviceConfig(DeviceTechnique.EMULATED, traffic);
    }

    /**
     * {@code traffic}.
     *
     * @param receive frames that come to it
     * @param size of each
     * @param reply size of the frame that answers each; 0 for none
     */
    public record TrafficConfig(TimeRate receive, Bytes size, Bytes reply, Arrivals arrivals) {}
}

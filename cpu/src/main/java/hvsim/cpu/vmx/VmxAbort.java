package hvsim.cpu.vmx;

/**
 * Why a VM exit could not be completed: the number is written into the VMCS region, and the processor shuts down.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 27.7.
 */
public enum VmxAbort {
    SAVING_GUEST_MSRS(1),
    HOST_PDPTES(2),
    CORRUPT_VMCS(3),
    LOADING_HOST_MSRS(4),
    MACHINE_CHECK(5),
    GUEST_64_BIT_HOST_32_BIT(6);

    private final int indicator;

    VmxAbort(int indicator) {
        this.indicator = indicator;
    }

    /** What bytes 7:4 of the VMCS region have. */
    public int indicator() {
        return indicator;
    }
}

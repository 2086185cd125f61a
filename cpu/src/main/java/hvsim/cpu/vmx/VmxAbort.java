package hvsim.cpu.vmx;

/**
 * Why a VM exit could not be completed: the number is written into the VMCS region, and the processor shuts down.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 27.7.
 */
public enum VmxAbort {
    SAVING_GUEST_MSRS(1, "an entry of the VM-exit MSR-store list cannot be stored"),
    HOST_PDPTES(2, "a PDPTE of the host has a reserved bit set"),
    CORRUPT_VMCS(3, "the VMCS is corrupt"),
    LOADING_HOST_MSRS(4, "an entry of the VM-exit MSR-load list cannot be loaded"),
    MACHINE_CHECK(5, "a machine check came during the exit"),
    GUEST_64_BIT_HOST_32_BIT(6, "a 64-bit guest leaves to a 32-bit host");

    private final int indicator;
    private final String cause;

    VmxAbort(int indicator, String cause) {
        this.indicator = indicator;
        this.cause = cause;
    }

    /** In a sentence. */
    public String cause() {
        return cause;
    }

    /** What bytes 7:4 of the VMCS region have. */
    public int indicator() {
        return indicator;
    }
}

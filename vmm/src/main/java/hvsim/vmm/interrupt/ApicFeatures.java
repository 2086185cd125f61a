package hvsim.vmm.interrupt;

/**
 * What the hardware does of a guest's local APIC, which the guest uses in x2APIC mode; software does the rest.
 *
 * @param tprShadow the task priority
 * @param apicRegisters reads of the registers
 * @param virtualInterrupts delivery, and the end of interrupts
 * @param postedInterrupts interrupts that others have for a guest that runs
 * @param ipiVirtualization interrupts that a guest sends
 */
public record ApicFeatures(
        boolean tprShadow,
        boolean apicRegisters,
        boolean virtualInterrupts,
        boolean postedInterrupts,
        boolean ipiVirtualization) {
    /** All is left to software. */
    public static final ApicFeatures NONE = new ApicFeatures(false, false, false, false, false);

    public ApicFeatures {
        require(!apicRegisters || virtualInterrupts, "apic_registers", "virtual_interrupts");
        require(!virtualInterrupts || tprShadow, "virtual_interrupts", "tpr_shadow");
        require(!postedInterrupts || virtualInterrupts, "posted_interrupts", "virtual_interrupts");
        require(!ipiVirtualization || postedInterrupts, "ipi_virtualization", "posted_interrupts");
    }

    private static void require(boolean condition, String feature, String needed) {
        if (!condition) {
            throw new IllegalArgumentException(feature + " needs " + needed);
        }
    }
}

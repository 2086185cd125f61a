package hvsim.cpu.vmx;

/**
 * One check of a VM entry.
 *
 * @param section of the SDM, vol. 3 (325384-059US), that states it
 * @param text what has to be so
 */
public record EntryRule(String section, String text, Violation violation) {
    /** Whether a VMCS breaks the rule. */
    @FunctionalInterface
    interface Violation {
        boolean in(EntryState state);
    }

    @Override
    public String toString() {
        return text + " (SDM vol. 3, " + section + ")";
    }
}

package hvsim.cpu.vmx;

import hvsim.ept.EptPointer;

/** A VMCS on its way into non-root mode, with the words that the rules of VM entries are written in. */
final class EntryState {
    static final int EXTERNAL_INTERRUPT = 0;
    static final int NMI = 2;
    static final int HARDWARE_EXCEPTION = 3;
    static final int OTHER_EVENT = 7;

    private static final long PAGE_OFFSET = 0xFFF;
    private static final long ENTRY_BYTES = 16;

    private final Vmcs vmcs;
    private final EntryContext context;
    private boolean beyondVmcs;

    EntryState(Vmcs vmcs, EntryContext context) {
        this.vmcs = vmcs;
        this.context = context;
    }

    VmxCapability capability() {
        return context.capability();
    }

    long get(VmcsField field) {
        return vmcs.read(field);
    }

    boolean has(VmxControl control) {
        return vmcs.has(control);
    }

    boolean lacks(VmxControl control) {
        return !vmcs.has(control);
    }

    /** Whether the field has any of the bits. */
    boolean any(VmcsField field, long bits) {
        return (vmcs.read(field) & bits) != 0;
    }

    /** Whether the field lacks any of the bits. */
    boolean lacksAny(VmcsField field, long bits) {
        return (vmcs.read(field) & bits) != bits;
    }

    boolean isDisallowed(VmcsField word) {
        return !capability().isAllowed(word, vmcs.read(word));
    }

    boolean isNoPage(VmcsField address) {
        return any(address, PAGE_OFFSET) || isTooWide(address);
    }

    boolean isTooWide(VmcsField address) {
        return !capability().isPhysical(vmcs.read(address));
    }

    boolean isNotCanonical(VmcsField address) {
        return !capability().isCanonical(vmcs.read(address));
    }

    /** An MSR list that is not aligned to 16 bytes, or ends beyond the width of addresses. */
    boolean isBadList(VmcsField address, VmcsField count) {
        long entries = vmcs.read(count);
        long first = vmcs.read(address);
        return entries != 0
                && ((first & ENTRY_BYTES - 1) != 0
                        || !capability().isPhysical(first)
                        || !capability().isPhysical(first + ENTRY_BYTES * entries - 1));
    }

    boolean isBadEptPointer() {
        return !EptPointer.isValid(
                vmcs.read(VmcsField.EPT_POINTER), capability().paging());
    }

    boolean isInIa32eMode() {
        return context.ia32eMode();
    }

    /** Whether an event is injected. */
    boolean injects() {
        return any(VmcsField.ENTRY_INTERRUPTION_INFO, 1L << 31);
    }

    boolean injects(int type) {
        return injects() && injectedType() == type;
    }

    int injectedType() {
        return (int) get(VmcsField.ENTRY_INTERRUPTION_INFO) >>> 8 & 7;
    }

    int injectedVector() {
        return (int) get(VmcsField.ENTRY_INTERRUPTION_INFO) & 0xFF;
    }

    boolean isCurrent(long pointer) {
        beyondVmcs = true;
        return context.vmcsPointer() == pointer;
    }

    /** A quadword of machine memory. */
    long memory(long hpa) {
        beyondVmcs = true;
        return context.memory().read(hpa);
    }

    /** Whether a rule asked for something that can change while the VMCS does not. */
    boolean lookedBeyondVmcs() {
        return beyondVmcs;
    }
}

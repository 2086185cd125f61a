package hvsim.cpu.apic;

import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.AccessKind;
import org.jspecify.annotations.Nullable;

/**
 * Which accesses to the APIC-access page the virtual-APIC page answers; all others exit, with reason 44.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 29.4.
 */
public final class ApicAccess {
    private static final int SLOT_BYTES = 16;

    /** Bits 15:12 of the exit qualification: how a linear access reached the page (table 27-6). */
    public enum Type {
        READ(0),
        WRITE(1),
        FETCH(2),
        EVENT_DELIVERY(3);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** The exit qualification of an access to that byte of the page. */
        public long qualification(long address) {
            return (long) number << 12 | address & 0xFFF;
        }
    }

    private ApicAccess() {}

    /**
     * Whether the access is virtualized.
     *
     * @param kind as {@link AccessKind}; one that reads and writes must be allowed both
     * @param offset first byte in the page
     */
    public static boolean isVirtualized(int kind, int offset, int sizeBytes, Vmcs vmcs) {
        boolean lowBytes = offset % SLOT_BYTES + sizeBytes <= Integer.BYTES;
        ApicRegister register = ApicRegister.at(offset);
        if (kind == AccessKind.FETCH || !lowBytes || register == null || !vmcs.has(VmxControl.USE_TPR_SHADOW)) {
            return false;
        }
        boolean reads = kind != AccessKind.WRITE;
        boolean writes = kind != AccessKind.READ;
        return (!reads || isReadVirtualized(register, vmcs)) && (!writes || isWriteVirtualized(register, vmcs));
    }

    private static boolean isReadVirtualized(ApicRegister register, Vmcs vmcs) {
        return vmcs.has(VmxControl.APIC_REGISTER_VIRTUALIZATION)
                ? register.readVirtualized()
                : register == ApicRegister.TASK_PRIORITY;
    }

    private static boolean isWriteVirtualized(ApicRegister register, Vmcs vmcs) {
        if (vmcs.has(VmxControl.APIC_REGISTER_VIRTUALIZATION)) {
            return register.writeVirtualized();
        }
        boolean delivery = vmcs.has(VmxControl.VIRTUAL_INTERRUPT_DELIVERY);
        return register == ApicRegister.TASK_PRIORITY
                || delivery && (register == ApicRegister.END_OF_INTERRUPT || register == ApicRegister.COMMAND_LOW);
    }

    /** The kind of access as exits report it. */
    public static Type typeOf(int kind) {
        return switch (kind) {
            case AccessKind.FETCH -> Type.FETCH;
            case AccessKind.READ -> Type.READ;
            default -> Type.WRITE;
        };
    }

    /** The register that an access starts in, or null. */
    public static @Nullable ApicRegister registerAt(int offset) {
        return ApicRegister.at(offset);
    }
}

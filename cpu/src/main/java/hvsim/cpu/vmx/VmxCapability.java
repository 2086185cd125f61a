package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;
import hvsim.ept.PagingCapability;
import java.util.EnumSet;
import java.util.Set;

/**
 * What of VMX a processor implements, as its capability MSRs tell it.
 *
 * <p>A control word's allowed settings are two sets of bits: those that must be 1 (allowed-0), and those that may be
 * (allowed-1). The TRUE versions differ in letting software clear controls of the default-1 class that got a meaning.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), appendix A.
 *
 * @param paging of which widths and EPT features entries and pointers are checked
 * @param misc IA32_VMX_MISC, as {@link VmxMisc} reads it
 */
public record VmxCapability(PagingCapability paging, long misc) {
    /** All that the model has. */
    public static final VmxCapability ALL = new VmxCapability(PagingCapability.ALL, VmxMisc.ALL);

    /** Identifies the format of a VMCS region: bits 30:0 of its first doubleword. */
    public static final int REVISION_ID = 1;

    /** Linear addresses are 57 bits wide: with CR4.LA57, and in canonical checks of what is not an access. */
    public static final int LINEAR_ADDRESS_BITS = 57;

    // Controls that must be 1 and have no name (SDM vol. 3, A.3.1, A.3.2, A.4, A.5).
    private static final long PIN_DEFAULT1 = 0x16;
    private static final long PRIMARY_DEFAULT1 = 0x0400_6172;
    private static final long EXIT_DEFAULT1 = 0x3_6DFB;
    private static final long ENTRY_DEFAULT1 = 0x11FB;

    /** Controls that have a name and belong to the default-1 class all the same. */
    private static final Set<VmxControl> NAMED_DEFAULT1 = EnumSet.of(
            VmxControl.CR3_LOAD_EXITING,
            VmxControl.CR3_STORE_EXITING,
            VmxControl.EXIT_SAVE_DEBUG_CONTROLS,
            VmxControl.ENTRY_LOAD_DEBUG_CONTROLS);

    /** Whether the model does what the control says. */
    public boolean isImplemented(VmxControl control) {
        return !Unimplemented.CONTROLS.contains(control);
    }

    /** Whether VMREAD and VMWRITE know the field: those of controls that do not exist do not either. */
    public boolean isImplemented(VmcsField field) {
        return !Unimplemented.FIELDS.contains(field);
    }

    /** Bits of a control word that must be 1, by the TRUE capability MSR where there is one. */
    public long mustBeOne(VmcsField word) {
        return switch (word) {
            case PIN_BASED_CONTROLS -> PIN_DEFAULT1;
            case PRIMARY_CONTROLS -> PRIMARY_DEFAULT1;
            case EXIT_CONTROLS -> EXIT_DEFAULT1;
            case ENTRY_CONTROLS -> ENTRY_DEFAULT1;
            default -> 0;
        };
    }

    /** Bits of a control word that may be 1. */
    public long mayBeOne(VmcsField word) {
        return AllowedSettings.MAY_BE_ONE[word.ordinal()];
    }

    public boolean isAllowed(VmcsField word, long value) {
        return (value & mustBeOne(word)) == mustBeOne(word) && (value & ~mayBeOne(word)) == 0;
    }

    /** Whether the address has no bit above the width of physical addresses. */
    public boolean isPhysical(long address) {
        return address >>> paging.physicalAddressBits() == 0;
    }

    public boolean isCanonical(long address) {
        int unused = 64 - LINEAR_ADDRESS_BITS;
        return address << unused >> unused == address;
    }

    /** Whether CR0 has the bits that VMX operation fixes to 1; without PE and PG for an unrestricted guest. */
    public boolean isAllowedCr0(long cr0, boolean unrestricted) {
        long fixed = unrestricted ? VmxMsr.CR0_FIXED0 & ~(Registers.CR0_PE | Registers.CR0_PG) : VmxMsr.CR0_FIXED0;
        return (cr0 & fixed) == fixed && (cr0 & ~VmxMsr.CR0_FIXED1) == 0;
    }

    public boolean isAllowedCr4(long cr4) {
        return (cr4 & VmxMsr.CR4_FIXED0) == VmxMsr.CR4_FIXED0 && (cr4 & ~VmxMsr.CR4_FIXED1) == 0;
    }

    /**
     * What RDMSR of a capability MSR gives.
     *
     * @param msr 480H to 492H
     * @throws IllegalArgumentException for any other number
     */
    public long msr(int msr) {
        return VmxMsr.byNumber(msr).value(this);
    }

    /** The first form of a capability MSR of a control word: the whole default-1 class must be 1. */
    long settings(VmcsField word) {
        long named = 0;
        for (VmxControl control : NAMED_DEFAULT1) {
            named |= control.word() == word ? control.mask() : 0;
        }
        return trueSettings(word) | named;
    }

    long trueSettings(VmcsField word) {
        return mayBeOne(word) << 32 | mustBeOne(word);
    }

    /** All that {@link #mayBeOne} can be asked for, once. */
    private static final class AllowedSettings {
        static final long[] MAY_BE_ONE = new long[VmcsField.values().length];

        static {
            for (VmxControl control : VmxControl.values()) {
                MAY_BE_ONE[control.word().ordinal()] |= Unimplemented.CONTROLS.contains(control) ? 0 : control.mask();
            }
            MAY_BE_ONE[VmcsField.PIN_BASED_CONTROLS.ordinal()] |= PIN_DEFAULT1;
            MAY_BE_ONE[VmcsField.PRIMARY_CONTROLS.ordinal()] |= PRIMARY_DEFAULT1;
            MAY_BE_ONE[VmcsField.EXIT_CONTROLS.ordinal()] |= EXIT_DEFAULT1;
            MAY_BE_ONE[VmcsField.ENTRY_CONTROLS.ordinal()] |= ENTRY_DEFAULT1;
        }

        private AllowedSettings() {}
    }
}

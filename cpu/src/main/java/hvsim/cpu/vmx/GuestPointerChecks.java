package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;
import java.util.List;

/**
 * Checks on what the guest-state area points to in memory: the linked VMCS, and page-directory pointers of PAE paging.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.3.1.5 and 26.3.1.6.
 */
final class GuestPointerChecks {
    private static final String LINK = "26.3.1.5";
    private static final String PDPTES = "26.3.1.6";
    private static final int PDPTES_OF_A_TABLE = 4;
    private static final long PDPT_ADDRESS = 0xFFFF_FFE0L;

    /** Bits 2:1 and 8:5; so are those above the width of physical addresses. */
    private static final long PDPTE_RESERVED = 0x1E6;

    static final List<EntryRule> LINK_RULES = List.of(
            link(
                    "the VMCS link pointer is 4-KiB aligned and within the physical-address width, or all ones",
                    s -> s.isNoPage(VmcsField.VMCS_LINK_POINTER)),
            link(
                    "the linked VMCS has the processor's revision identifier",
                    s -> (firstDoubleword(s) & Integer.MAX_VALUE) != VmxCapability.REVISION_ID),
            link(
                    "the linked VMCS is a shadow VMCS if VMCS shadowing is on, and else is not",
                    s -> firstDoubleword(s) < 0 != s.has(VmxControl.VMCS_SHADOWING)),
            link(
                    "the VMCS link pointer is not the current-VMCS pointer",
                    s -> s.isCurrent(s.get(VmcsField.VMCS_LINK_POINTER))));

    static final List<EntryRule> PDPTE_RULES = List.of(
            new EntryRule(
                    PDPTES,
                    "present PDPTEs in the VMCS have no reserved bit",
                    s -> usesPdptes(s) && s.has(VmxControl.ENABLE_EPT) && anyReservedInFields(s)),
            new EntryRule(
                    PDPTES,
                    "present PDPTEs in memory at CR3 have no reserved bit",
                    s -> usesPdptes(s) && s.lacks(VmxControl.ENABLE_EPT) && anyReservedInMemory(s)));

    private GuestPointerChecks() {}

    private static EntryRule link(String text, EntryRule.Violation violation) {
        return new EntryRule(
                LINK, text, s -> s.get(VmcsField.VMCS_LINK_POINTER) != EntryContext.NO_POINTER && violation.in(s));
    }

    private static int firstDoubleword(EntryState s) {
        return (int) s.memory(s.get(VmcsField.VMCS_LINK_POINTER));
    }

    private static boolean usesPdptes(EntryState s) {
        return s.any(VmcsField.GUEST_CR0, Registers.CR0_PG)
                && s.any(VmcsField.GUEST_CR4, Registers.CR4_PAE)
                && s.lacks(VmxControl.IA32E_MODE_GUEST);
    }

    private static boolean anyReservedInFields(EntryState s) {
        return isReserved(s, s.get(VmcsField.GUEST_PDPTE0))
                || isReserved(s, s.get(VmcsField.GUEST_PDPTE1))
                || isReserved(s, s.get(VmcsField.GUEST_PDPTE2))
                || isReserved(s, s.get(VmcsField.GUEST_PDPTE3));
    }

    private static boolean anyReservedInMemory(EntryState s) {
        long table = s.get(VmcsField.GUEST_CR3) & PDPT_ADDRESS;
        for (int i = 0; i < PDPTES_OF_A_TABLE; i++) {
            if (isReserved(s, s.memory(table + 8L * i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isReserved(EntryState s, long pdpte) {
        return (pdpte & 1) != 0
                && ((pdpte & PDPTE_RESERVED) != 0 || !s.capability().isPhysical(pdpte));
    }
}

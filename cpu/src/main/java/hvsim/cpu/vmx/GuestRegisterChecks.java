package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;
import java.util.List;

/**
 * Checks on the guest's control registers, debug registers and MSRs, and on its descriptor-table registers.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.3.1.1 and 26.3.1.3.
 */
final class GuestRegisterChecks {
    private static final String REGISTERS = "26.3.1.1";
    private static final String TABLES = "26.3.1.3";
    private static final long HIGH_HALF = 0xFFFF_FFFF_0000_0000L;
    private static final long BEYOND_LIMIT = 0xFFFF_0000L;
    private static final long PAGE_OFFSET = 0xFFF;

    static final List<EntryRule> RULES = List.of(
            rule(
                    "guest CR0 has the bits that VMX operation fixes, without PE and PG for an unrestricted guest",
                    s -> !s.capability()
                            .isAllowedCr0(s.get(VmcsField.GUEST_CR0), s.has(VmxControl.UNRESTRICTED_GUEST))),
            rule(
                    "guest CR0.PG needs CR0.PE",
                    s -> s.any(VmcsField.GUEST_CR0, Registers.CR0_PG)
                            && s.lacksAny(VmcsField.GUEST_CR0, Registers.CR0_PE)),
            rule(
                    "guest CR4 has the bits that VMX operation fixes",
                    s -> !s.capability().isAllowedCr4(s.get(VmcsField.GUEST_CR4))),
            rule(
                    "guest DEBUGCTL, if loaded, has no reserved bit",
                    s -> s.has(VmxControl.ENTRY_LOAD_DEBUG_CONTROLS)
                            && s.any(VmcsField.GUEST_DEBUGCTL, MsrRules.DEBUGCTL_RESERVED)),
            rule(
                    "an IA-32e mode guest has CR0.PG = 1 and CR4.PAE = 1",
                    s -> s.has(VmxControl.IA32E_MODE_GUEST)
                            && (s.lacksAny(VmcsField.GUEST_CR0, Registers.CR0_PG)
                                    || s.lacksAny(VmcsField.GUEST_CR4, Registers.CR4_PAE))),
            rule(
                    "a guest outside IA-32e mode has CR4.PCIDE = 0",
                    s -> s.lacks(VmxControl.IA32E_MODE_GUEST) && s.any(VmcsField.GUEST_CR4, Registers.CR4_PCIDE)),
            rule("guest CR3 is within the physical-address width", s -> s.isTooWide(VmcsField.GUEST_CR3)),
            rule(
                    "guest DR7, if loaded, has bits 63:32 0",
                    s -> s.has(VmxControl.ENTRY_LOAD_DEBUG_CONTROLS) && s.any(VmcsField.GUEST_DR7, HIGH_HALF)),
            rule("guest SYSENTER_ESP is canonical", s -> s.isNotCanonical(VmcsField.GUEST_SYSENTER_ESP)),
            rule("guest SYSENTER_EIP is canonical", s -> s.isNotCanonical(VmcsField.GUEST_SYSENTER_EIP)),
            rule(
                    "guest PERF_GLOBAL_CTRL, if loaded, has no reserved bit",
                    s -> s.has(VmxControl.ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL)
                            && s.any(VmcsField.GUEST_PERF_GLOBAL_CTRL, MsrRules.PERF_GLOBAL_CTRL_RESERVED)),
            rule(
                    "guest PAT, if loaded, has memory types 0, 1, 4, 5, 6 and 7 only",
                    s -> s.has(VmxControl.ENTRY_LOAD_IA32_PAT) && !MsrRules.isPat(s.get(VmcsField.GUEST_PAT))),
            rule(
                    "guest EFER, if loaded, has no reserved bit",
                    s -> s.has(VmxControl.ENTRY_LOAD_IA32_EFER) && s.any(VmcsField.GUEST_EFER, MsrRules.EFER_RESERVED)),
            rule(
                    "guest EFER.LMA, if loaded, is IA-32e mode guest",
                    s -> s.has(VmxControl.ENTRY_LOAD_IA32_EFER)
                            && s.any(VmcsField.GUEST_EFER, Registers.EFER_LMA) != s.has(VmxControl.IA32E_MODE_GUEST)),
            rule(
                    "guest EFER.LMA, if loaded, is EFER.LME if CR0.PG = 1",
                    s -> s.has(VmxControl.ENTRY_LOAD_IA32_EFER)
                            && s.any(VmcsField.GUEST_CR0, Registers.CR0_PG)
                            && s.any(VmcsField.GUEST_EFER, Registers.EFER_LMA)
                                    != s.any(VmcsField.GUEST_EFER, Registers.EFER_LME)),
            rule(
                    "guest BNDCFGS, if loaded, has no reserved bit and a canonical address",
                    s -> s.has(VmxControl.ENTRY_LOAD_IA32_BNDCFGS)
                            && (s.any(VmcsField.GUEST_BNDCFGS, MsrRules.BNDCFGS_RESERVED)
                                    || !s.capability().isCanonical(s.get(VmcsField.GUEST_BNDCFGS) & ~PAGE_OFFSET))));

    static final List<EntryRule> DESCRIPTOR_TABLE_RULES = List.of(
            table("the base of guest GDTR is canonical", s -> s.isNotCanonical(VmcsField.GUEST_GDTR_BASE)),
            table("the base of guest IDTR is canonical", s -> s.isNotCanonical(VmcsField.GUEST_IDTR_BASE)),
            table("bits 31:16 of the limit of guest GDTR are 0", s -> s.any(VmcsField.GUEST_GDTR_LIMIT, BEYOND_LIMIT)),
            table("bits 31:16 of the limit of guest IDTR are 0", s -> s.any(VmcsField.GUEST_IDTR_LIMIT, BEYOND_LIMIT)));

    private GuestRegisterChecks() {}

    private static EntryRule rule(String text, EntryRule.Violation violation) {
        return new EntryRule(REGISTERS, text, violation);
    }

    private static EntryRule table(String text, EntryRule.Violation violation) {
        return new EntryRule(TABLES, text, violation);
    }
}

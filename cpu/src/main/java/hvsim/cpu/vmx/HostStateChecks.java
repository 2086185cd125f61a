package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;
import java.util.List;

/**
 * Checks on the host-state area.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.2.2 to 26.2.4.
 */
final class HostStateChecks {
    private static final String REGISTERS = "26.2.2";
    private static final String SEGMENTS = "26.2.3";
    private static final String ADDRESS_SPACE = "26.2.4";
    private static final long RPL_AND_TI = 7;
    private static final long HIGH_HALF = 0xFFFF_FFFF_0000_0000L;

    static final List<EntryRule> RULES = List.of(
            rule(
                    REGISTERS,
                    "host CR0 has the bits that VMX operation fixes",
                    s -> !s.capability().isAllowedCr0(s.get(VmcsField.HOST_CR0), false)),
            rule(
                    REGISTERS,
                    "host CR4 has the bits that VMX operation fixes",
                    s -> !s.capability().isAllowedCr4(s.get(VmcsField.HOST_CR4))),
            rule(REGISTERS, "host CR3 is within the physical-address width", s -> s.isTooWide(VmcsField.HOST_CR3)),
            canonical(REGISTERS, VmcsField.HOST_SYSENTER_ESP, "host SYSENTER_ESP"),
            canonical(REGISTERS, VmcsField.HOST_SYSENTER_EIP, "host SYSENTER_EIP"),
            rule(
                    REGISTERS,
                    "host PERF_GLOBAL_CTRL, if loaded, has no reserved bit",
                    s -> s.has(VmxControl.EXIT_LOAD_IA32_PERF_GLOBAL_CTRL)
                            && s.any(VmcsField.HOST_PERF_GLOBAL_CTRL, MsrRules.PERF_GLOBAL_CTRL_RESERVED)),
            rule(
                    REGISTERS,
                    "host PAT, if loaded, has memory types 0, 1, 4, 5, 6 and 7 only",
                    s -> s.has(VmxControl.EXIT_LOAD_IA32_PAT) && !MsrRules.isPat(s.get(VmcsField.HOST_PAT))),
            rule(
                    REGISTERS,
                    "host EFER, if loaded, has no reserved bit",
                    s -> s.has(VmxControl.EXIT_LOAD_IA32_EFER) && s.any(VmcsField.HOST_EFER, MsrRules.EFER_RESERVED)),
            rule(
                    REGISTERS,
                    "host EFER.LMA and LME, if loaded, are the host address-space size",
                    s -> s.has(VmxControl.EXIT_LOAD_IA32_EFER)
                            && (differs(s, Registers.EFER_LMA) || differs(s, Registers.EFER_LME))),
            selector(VmcsField.HOST_CS_SELECTOR, "host CS"),
            selector(VmcsField.HOST_SS_SELECTOR, "host SS"),
            selector(VmcsField.HOST_DS_SELECTOR, "host DS"),
            selector(VmcsField.HOST_ES_SELECTOR, "host ES"),
            selector(VmcsField.HOST_FS_SELECTOR, "host FS"),
            selector(VmcsField.HOST_GS_SELECTOR, "host GS"),
            selector(VmcsField.HOST_TR_SELECTOR, "host TR"),
            rule(SEGMENTS, "host CS is not null", s -> s.get(VmcsField.HOST_CS_SELECTOR) == 0),
            rule(SEGMENTS, "host TR is not null", s -> s.get(VmcsField.HOST_TR_SELECTOR) == 0),
            rule(
                    SEGMENTS,
                    "host SS is not null unless the host is 64-bit",
                    s -> s.lacks(VmxControl.HOST_ADDRESS_SPACE_SIZE) && s.get(VmcsField.HOST_SS_SELECTOR) == 0),
            canonical(SEGMENTS, VmcsField.HOST_FS_BASE, "the base of host FS"),
            canonical(SEGMENTS, VmcsField.HOST_GS_BASE, "the base of host GS"),
            canonical(SEGMENTS, VmcsField.HOST_TR_BASE, "the base of host TR"),
            canonical(SEGMENTS, VmcsField.HOST_GDTR_BASE, "the base of host GDTR"),
            canonical(SEGMENTS, VmcsField.HOST_IDTR_BASE, "the base of host IDTR"),
            rule(
                    ADDRESS_SPACE,
                    "a processor in IA-32e mode returns to a 64-bit host",
                    s -> s.isInIa32eMode() && s.lacks(VmxControl.HOST_ADDRESS_SPACE_SIZE)),
            rule(
                    ADDRESS_SPACE,
                    "a processor outside IA-32e mode returns to a 32-bit host",
                    s -> !s.isInIa32eMode() && s.has(VmxControl.HOST_ADDRESS_SPACE_SIZE)),
            rule(
                    ADDRESS_SPACE,
                    "a processor outside IA-32e mode, or with a 32-bit host, has no IA-32e mode guest",
                    s -> s.has(VmxControl.IA32E_MODE_GUEST)
                            && (!s.isInIa32eMode() || s.lacks(VmxControl.HOST_ADDRESS_SPACE_SIZE))),
            rule(
                    ADDRESS_SPACE,
                    "a 32-bit host has CR4.PCIDE = 0",
                    s -> s.lacks(VmxControl.HOST_ADDRESS_SPACE_SIZE) && s.any(VmcsField.HOST_CR4, Registers.CR4_PCIDE)),
            rule(
                    ADDRESS_SPACE,
                    "a 32-bit host has bits 63:32 of RIP 0",
                    s -> s.lacks(VmxControl.HOST_ADDRESS_SPACE_SIZE) && s.any(VmcsField.HOST_RIP, HIGH_HALF)),
            rule(
                    ADDRESS_SPACE,
                    "a 64-bit host has CR4.PAE = 1",
                    s -> s.has(VmxControl.HOST_ADDRESS_SPACE_SIZE)
                            && s.lacksAny(VmcsField.HOST_CR4, Registers.CR4_PAE)),
            rule(
                    ADDRESS_SPACE,
                    "a 64-bit host has a canonical RIP",
                    s -> s.has(VmxControl.HOST_ADDRESS_SPACE_SIZE) && s.isNotCanonical(VmcsField.HOST_RIP)));

    private HostStateChecks() {}

    private static EntryRule rule(String section, String text, EntryRule.Violation violation) {
        return new EntryRule(section, text, violation);
    }

    private static EntryRule canonical(String section, VmcsField address, String name) {
        return rule(section, name + " is canonical", s -> s.isNotCanonical(address));
    }

    private static EntryRule selector(VmcsField selector, String name) {
        return rule(SEGMENTS, name + " has RPL and TI 0", s -> s.any(selector, RPL_AND_TI));
    }

    private static boolean differs(EntryState s, long eferBit) {
        return s.any(VmcsField.HOST_EFER, eferBit) != s.has(VmxControl.HOST_ADDRESS_SPACE_SIZE);
    }
}

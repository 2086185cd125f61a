package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;
import java.util.List;

/**
 * Checks on what the guest executes next and what it holds back: RIP, RFLAGS, activity, interruptibility, pending debug
 * exceptions.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.3.1.4 and 26.3.1.5.
 */
final class GuestActivityChecks {
    private static final String RIP = "26.3.1.4";
    private static final String STATE = "26.3.1.5";

    private static final long HIGH_HALF = 0xFFFF_FFFF_0000_0000L;
    private static final long RFLAGS_RESERVED = 0xFFFF_FFFF_FFC0_8028L;
    private static final long RFLAGS_ONE = 1 << 1;

    private static final int HLT = 1;
    private static final int SHUTDOWN = 2;
    private static final int WAIT_FOR_SIPI = 3;
    private static final int DEBUG = 1;
    private static final int MACHINE_CHECK = 18;

    private static final long BY_STI = 1;
    private static final long BY_MOV_SS = 1 << 1;
    private static final long BY_SMI = 1 << 2;
    private static final long BY_NMI = 1 << 3;

    /** Bits 31:5, and enclave interruption, which needs SGX. */
    private static final long INTERRUPTIBILITY_RESERVED = 0xFFFF_FFF0L;

    private static final long SINGLE_STEP = 1 << 14;

    /** All but B3 to B0, enabled breakpoint (12) and single step (14). */
    private static final long PENDING_DEBUG_RESERVED = ~0x500FL;

    static final List<EntryRule> RIP_RULES = List.of(
            rule(
                    RIP,
                    "RIP has bits 63:32 0 outside 64-bit mode",
                    s -> !is64Bit(s) && s.any(VmcsField.GUEST_RIP, HIGH_HALF)),
            rule(RIP, "RIP is canonical in 64-bit mode", s -> is64Bit(s) && s.isNotCanonical(VmcsField.GUEST_RIP)));

    static final List<EntryRule> RFLAGS_RULES = List.of(
            rule(
                    RIP,
                    "reserved bits of RFLAGS are 0, and bit 1 is 1",
                    s -> s.any(VmcsField.GUEST_RFLAGS, RFLAGS_RESERVED)
                            || s.lacksAny(VmcsField.GUEST_RFLAGS, RFLAGS_ONE)),
            rule(
                    RIP,
                    "RFLAGS.VM is 0 in IA-32e mode and in real mode",
                    s -> s.any(VmcsField.GUEST_RFLAGS, Registers.RFLAGS_VM)
                            && (s.has(VmxControl.IA32E_MODE_GUEST)
                                    || s.lacksAny(VmcsField.GUEST_CR0, Registers.CR0_PE))),
            rule(
                    RIP,
                    "RFLAGS.IF is 1 if an external interrupt is injected",
                    s -> s.injects(EntryState.EXTERNAL_INTERRUPT)
                            && s.lacksAny(VmcsField.GUEST_RFLAGS, Registers.RFLAGS_IF)));

    static final List<EntryRule> STATE_RULES = List.of(
            state(
                    "the activity state is one that IA32_VMX_MISC supports",
                    s -> !VmxMisc.hasActivity(s.capability().misc(), activity(s))),
            state(
                    "HLT state needs SS.DPL 0",
                    s -> activity(s) == HLT && s.any(VmcsField.GUEST_SS_ACCESS_RIGHTS, 3 << GuestSegment.DPL_SHIFT)),
            state(
                    "blocking by STI or MOV SS needs the active state",
                    s -> blocks(s, BY_STI | BY_MOV_SS) && activity(s) != 0),
            state(
                    "only interrupts, NMIs, #DB, #MC and MTF are injected in HLT state",
                    s -> s.injects() && activity(s) == HLT && !wakesHlt(s)),
            state(
                    "only NMIs and #MC are injected in shutdown state",
                    s -> s.injects()
                            && activity(s) == SHUTDOWN
                            && !s.injects(EntryState.NMI)
                            && !injectsException(s, MACHINE_CHECK)),
            state("nothing is injected in wait-for-SIPI state", s -> s.injects() && activity(s) == WAIT_FOR_SIPI),
            state("reserved bits of the interruptibility state are 0", s -> blocks(s, INTERRUPTIBILITY_RESERVED)),
            state("blocking is not by both STI and MOV SS", s -> blocks(s, BY_STI) && blocks(s, BY_MOV_SS)),
            state(
                    "blocking by STI needs RFLAGS.IF",
                    s -> blocks(s, BY_STI) && s.lacksAny(VmcsField.GUEST_RFLAGS, Registers.RFLAGS_IF)),
            state(
                    "no external interrupt is injected under blocking by STI or MOV SS",
                    s -> s.injects(EntryState.EXTERNAL_INTERRUPT) && blocks(s, BY_STI | BY_MOV_SS)),
            state(
                    "no NMI is injected under blocking by MOV SS",
                    s -> s.injects(EntryState.NMI) && blocks(s, BY_MOV_SS)),
            state("there is no blocking by SMI outside system-management mode", s -> blocks(s, BY_SMI)),
            state(
                    "no virtual NMI is injected under blocking by NMI",
                    s -> s.has(VmxControl.VIRTUAL_NMIS) && s.injects(EntryState.NMI) && blocks(s, BY_NMI)),
            state(
                    "reserved bits of pending debug exceptions are 0",
                    s -> s.any(VmcsField.GUEST_PENDING_DEBUG_EXCEPTIONS, PENDING_DEBUG_RESERVED)),
            state(
                    "a single step is pending as RFLAGS.TF and DEBUGCTL.BTF say, where debug exceptions wait",
                    s -> debugExceptionsWait(s)
                            && s.any(VmcsField.GUEST_PENDING_DEBUG_EXCEPTIONS, SINGLE_STEP) != singleSteps(s)));

    /** Processors may have this rule or not; this one does. */
    static final List<EntryRule> NMI_RULES = List.of(
            state("no NMI is injected under blocking by STI", s -> s.injects(EntryState.NMI) && blocks(s, BY_STI)));

    private GuestActivityChecks() {}

    private static EntryRule rule(String section, String text, EntryRule.Violation violation) {
        return new EntryRule(section, text, violation);
    }

    private static EntryRule state(String text, EntryRule.Violation violation) {
        return rule(STATE, text, violation);
    }

    private static boolean is64Bit(EntryState s) {
        return s.has(VmxControl.IA32E_MODE_GUEST) && s.any(VmcsField.GUEST_CS_ACCESS_RIGHTS, GuestSegment.LONG);
    }

    private static long activity(EntryState s) {
        return s.get(VmcsField.GUEST_ACTIVITY_STATE);
    }

    private static boolean blocks(EntryState s, long bits) {
        return s.any(VmcsField.GUEST_INTERRUPTIBILITY_STATE, bits);
    }

    private static boolean wakesHlt(EntryState s) {
        return s.injects(EntryState.EXTERNAL_INTERRUPT)
                || s.injects(EntryState.NMI)
                || injectsException(s, DEBUG)
                || injectsException(s, MACHINE_CHECK)
                || s.injects(EntryState.OTHER_EVENT);
    }

    private static boolean injectsException(EntryState s, int vector) {
        return s.injects(EntryState.HARDWARE_EXCEPTION) && s.injectedVector() == vector;
    }

    private static boolean debugExceptionsWait(EntryState s) {
        return blocks(s, BY_STI | BY_MOV_SS) || activity(s) == HLT;
    }

    private static boolean singleSteps(EntryState s) {
        return s.any(VmcsField.GUEST_RFLAGS, Registers.RFLAGS_TF)
                && !s.any(VmcsField.GUEST_DEBUGCTL, MsrRules.DEBUGCTL_BTF);
    }
}

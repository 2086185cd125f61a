package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;
import java.util.List;

/**
 * Checks on the fields of event injection; what the guest's state forbids is among {@link GuestActivityChecks}.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.2.1.3; instruction length 0 as in later editions.
 */
final class InjectionChecks {
    private static final String SECTION = "26.2.1.3";
    private static final int RESERVED_TYPE = 1;
    private static final int FIRST_SOFTWARE_TYPE = 4;
    private static final int LAST_SOFTWARE_TYPE = 6;
    private static final int HIGHEST_EXCEPTION = 31;
    private static final int LONGEST_INSTRUCTION = 15;
    private static final long DELIVER_ERROR_CODE = 1 << 11;

    /** Vectors 8, 10 to 14 and 17 have an error code. */
    private static final int WITH_ERROR_CODE = 1 << 8 | 0x1F << 10 | 1 << 17;

    static final List<EntryRule> RULES = List.of(
            rule("interruption type 1 is reserved", s -> s.injects(RESERVED_TYPE)),
            rule("an NMI has vector 2", s -> s.injects(EntryState.NMI) && s.injectedVector() != 2),
            rule(
                    "a hardware exception has a vector of at most 31",
                    s -> s.injects(EntryState.HARDWARE_EXCEPTION) && s.injectedVector() > HIGHEST_EXCEPTION),
            rule(
                    "an event of type 7, a pending MTF VM exit, has vector 0",
                    s -> s.injects(EntryState.OTHER_EVENT) && s.injectedVector() != 0),
            rule(
                    "an error code is delivered with hardware exceptions 8, 10-14 and 17 in protected mode, and no other",
                    s -> s.injects() && deliversErrorCode(s) != hasErrorCode(s)),
            rule(
                    "bits 30:12 of the interruption information are 0",
                    s -> s.injects() && s.any(VmcsField.ENTRY_INTERRUPTION_INFO, 0x7FFF_F000)),
            rule(
                    "bits 31:15 of a delivered error code are 0",
                    s -> s.injects()
                            && deliversErrorCode(s)
                            && s.any(VmcsField.ENTRY_EXCEPTION_ERROR_CODE, 0xFFFF_8000L)),
            rule(
                    "a software event has an instruction length of 1 to 15, or 0 where allowed",
                    s -> injectsSoftwareEvent(s) && isBadLength(s)));

    private InjectionChecks() {}

    private static EntryRule rule(String text, EntryRule.Violation violation) {
        return new EntryRule(SECTION, text, violation);
    }

    private static boolean deliversErrorCode(EntryState s) {
        return s.any(VmcsField.ENTRY_INTERRUPTION_INFO, DELIVER_ERROR_CODE);
    }

    /** In real mode, which only an unrestricted guest can be in, no exception has an error code. */
    private static boolean hasErrorCode(EntryState s) {
        boolean protectedMode = s.lacks(VmxControl.UNRESTRICTED_GUEST) || s.any(VmcsField.GUEST_CR0, Registers.CR0_PE);
        return protectedMode
                && s.injects(EntryState.HARDWARE_EXCEPTION)
                && s.injectedVector() <= HIGHEST_EXCEPTION
                && (WITH_ERROR_CODE >> s.injectedVector() & 1) != 0;
    }

    private static boolean injectsSoftwareEvent(EntryState s) {
        int type = s.injectedType();
        return s.injects() && type >= FIRST_SOFTWARE_TYPE && type <= LAST_SOFTWARE_TYPE;
    }

    private static boolean isBadLength(EntryState s) {
        long length = s.get(VmcsField.ENTRY_INSTRUCTION_LENGTH);
        boolean zeroAllowed = (s.capability().misc() & VmxMisc.INJECTS_LENGTH_0) != 0;
        return length > LONGEST_INSTRUCTION || length == 0 && !zeroAllowed;
    }
}

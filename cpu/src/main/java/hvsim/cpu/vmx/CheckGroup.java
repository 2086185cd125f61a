package hvsim.cpu.vmx;

import java.util.List;

/**
 * The checks of a VM entry in the order in which the model makes them, which is that of the manual's text; the manual
 * leaves the order within each stage open.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.2 (stage 2: VMfail) and 26.3 (stage 3: exit reason 33), 26.7 for the
 * qualification.
 */
enum CheckGroup {
    CONTROLS(VmxError.ENTRY_INVALID_CONTROL, 0, ControlChecks.RULES),
    INJECTION(VmxError.ENTRY_INVALID_CONTROL, 0, InjectionChecks.RULES),
    HOST_STATE(VmxError.ENTRY_INVALID_HOST_STATE, 0, HostStateChecks.RULES),
    GUEST_REGISTERS(VmxError.NONE, 0, GuestRegisterChecks.RULES),
    GUEST_SEGMENTS(VmxError.NONE, 0, GuestSegmentChecks.RULES),
    GUEST_DESCRIPTOR_TABLES(VmxError.NONE, 0, GuestRegisterChecks.DESCRIPTOR_TABLE_RULES),
    GUEST_RIP(VmxError.NONE, 0, GuestActivityChecks.RIP_RULES),
    GUEST_RFLAGS(VmxError.NONE, 0, GuestActivityChecks.RFLAGS_RULES),
    GUEST_ACTIVITY(VmxError.NONE, 0, GuestActivityChecks.STATE_RULES),
    INJECTED_NMI(VmxError.NONE, 3, GuestActivityChecks.NMI_RULES),
    LINK_POINTER(VmxError.NONE, 4, GuestPointerChecks.LINK_RULES),
    PDPTES(VmxError.NONE, 2, GuestPointerChecks.PDPTE_RULES);

    /** All groups, a bit for each. */
    static final int ALL = (1 << values().length) - 1;

    private static final CheckGroup[] IN_ORDER = values();

    private final VmxError error;
    private final long qualification;
    private final EntryRule[] rules;

    CheckGroup(VmxError error, long qualification, List<EntryRule> rules) {
        this.error = error;
        this.qualification = qualification;
        this.rules = rules.toArray(new EntryRule[0]);
    }

    int bit() {
        return 1 << ordinal();
    }

    List<EntryRule> rules() {
        return List.of(rules);
    }

    /** What the first broken rule leads to; success if none is. */
    VmEntryOutcome check(EntryState state) {
        for (EntryRule rule : rules) {
            if (rule.violation().in(state)) {
                return error == VmxError.NONE
                        ? VmEntryOutcome.invalidGuestState(qualification, rule)
                        : VmEntryOutcome.vmFail(error, rule);
            }
        }
        return VmEntryOutcome.SUCCEEDS;
    }

    /** The first group of a set of bits, in the order of the checks. */
    static CheckGroup firstOf(int groups) {
        return IN_ORDER[Integer.numberOfTrailingZeros(groups)];
    }

    /**
     * The groups whose rules look at a field. What exits and event injection write most often is told apart; of other
     * fields controls concern all groups, host state its own, and guest state all of the guest's.
     */
    static int concernedBy(VmcsField field) {
        return switch (field) {
            case GUEST_RIP -> GUEST_RIP.bit();
            case GUEST_RFLAGS -> GUEST_RFLAGS.bit() | GUEST_SEGMENTS.bit() | GUEST_ACTIVITY.bit();
            case GUEST_CR3 -> GUEST_REGISTERS.bit() | PDPTES.bit();
            case GUEST_PDPTE0, GUEST_PDPTE1, GUEST_PDPTE2, GUEST_PDPTE3 -> PDPTES.bit();
            case GUEST_ACTIVITY_STATE, GUEST_PENDING_DEBUG_EXCEPTIONS -> GUEST_ACTIVITY.bit();
            case GUEST_INTERRUPTIBILITY_STATE -> GUEST_ACTIVITY.bit() | INJECTED_NMI.bit();
            case ENTRY_INTERRUPTION_INFO, ENTRY_EXCEPTION_ERROR_CODE, ENTRY_INSTRUCTION_LENGTH ->
                INJECTION.bit() | GUEST_RFLAGS.bit() | GUEST_ACTIVITY.bit() | INJECTED_NMI.bit();
            case GUEST_CR0 -> ALL & ~HOST_STATE.bit();
            case GUEST_RSP,
                    PREEMPTION_TIMER_VALUE,
                    PML_INDEX,
                    GUEST_INTERRUPT_STATUS,
                    TSC_OFFSET,
                    EXCEPTION_BITMAP,
                    EPTP_INDEX -> 0;
            default ->
                switch (field.type()) {
                    case CONTROL -> ALL;
                    case EXIT_INFORMATION -> 0;
                    case GUEST_STATE -> ALL & ~(CONTROLS.bit() | INJECTION.bit() | HOST_STATE.bit());
                    case HOST_STATE -> HOST_STATE.bit();
                };
        };
    }
}

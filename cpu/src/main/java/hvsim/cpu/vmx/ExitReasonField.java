package hvsim.cpu.vmx;

/**
 * Bits of the exit-reason field.
 *
 * <pre>
 *   31  30  29   28  27  26  25 24   16 15        0
 * +----+--+----+---+---+---+---+-------+-----------+
 * |fail| 0|root|MTF|SGX|bus|SSS|   0   |basic reason|
 * +----+--+----+---+---+---+---+-------+-----------+
 * fail  the exit is a VM entry that failed
 * root  from root operation, and MTF: one was pending; both at SMM exits only
 * SGX   in enclave mode; bus: a bus lock; SSS: a shadow stack is busy; none of which the model has
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 24.9.1; bits 25 and 26 as in later editions.
 */
public final class ExitReasonField {
    public static final long ENTRY_FAILURE = 1L << 31;

    private static final long BASIC_REASON = 0xFFFF;

    private ExitReasonField() {}

    public static ExitReason reason(long field) {
        return ExitReason.byNumber((int) (field & BASIC_REASON));
    }

    public static boolean isEntryFailure(long field) {
        return (field & ENTRY_FAILURE) != 0;
    }

    /** Of an entry that failed. */
    public static long ofFailedEntry(ExitReason reason) {
        return ENTRY_FAILURE | reason.number();
    }
}

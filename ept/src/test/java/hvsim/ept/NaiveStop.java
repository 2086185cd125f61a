package hvsim.ept;

/** Ends an oracle's walk before its translation; it carries all that is known then. */
final class NaiveStop extends RuntimeException {
    /** How walks end without a translation. */
    enum Outcome {
        NON_CANONICAL,
        PAGE_FAULT,
        EPT_VIOLATION,
        EPT_MISCONFIGURATION,
        PML_FULL,
        RESERVED_PDPTE
    }

    final Outcome outcome;
    final int errorCode;
    final long gpa;
    final long qualification;

    /** Of an EPT violation: whether the entry that decided leaves conversion to #VE open (bit 63 clear). */
    final boolean convertible;

    private NaiveStop(Outcome outcome, int errorCode, long gpa, long qualification, boolean convertible) {
        super(outcome.name(), null, false, false);
        this.outcome = outcome;
        this.errorCode = errorCode;
        this.gpa = gpa;
        this.qualification = qualification;
        this.convertible = convertible;
    }

    static NaiveStop nonCanonical() {
        return new NaiveStop(Outcome.NON_CANONICAL, 0, 0, 0, false);
    }

    static NaiveStop pageFault(int errorCode) {
        return new NaiveStop(Outcome.PAGE_FAULT, errorCode, 0, 0, false);
    }

    static NaiveStop violation(long gpa, long qualification, boolean convertible) {
        return new NaiveStop(Outcome.EPT_VIOLATION, 0, gpa, qualification, convertible);
    }

    static NaiveStop misconfiguration(long gpa) {
        return new NaiveStop(Outcome.EPT_MISCONFIGURATION, 0, gpa, 0, false);
    }

    static NaiveStop reservedPdpte() {
        return new NaiveStop(Outcome.RESERVED_PDPTE, 0, 0, 0, false);
    }

    static NaiveStop logFull() {
        return new NaiveStop(Outcome.PML_FULL, 0, 0, 0, false);
    }
}

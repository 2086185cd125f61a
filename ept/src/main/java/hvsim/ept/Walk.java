package hvsim.ept;

import hvsim.tlb.Translation;

/** The result of one walk; owned by the caller, written by {@link NestedWalker}. */
public final class Walk {
    /** Level of a page-directory-pointer-table entry of PAE paging. */
    static final int PDPTE_LEVEL = 3;

    WalkOutcome outcome = WalkOutcome.TRANSLATED;
    long translation = Translation.NONE;
    int errorCode;
    long gpa;
    long qualification;
    StopCause stopCause = StopCause.NONE;
    int stopLevel;
    boolean convertible;
    int guestReferences;
    int secondStageReferences;
    int saved;
    long guestCycles;
    long secondStageCycles;

    public WalkOutcome outcome() {
        return outcome;
    }

    /** The {@link Translation}, if translated. */
    public long translation() {
        return translation;
    }

    /** Of a page fault. */
    public int errorCode() {
        return errorCode;
    }

    /** Guest-physical address that the second stage stopped at. */
    public long gpa() {
        return gpa;
    }

    /** Exit qualification of an EPT violation. */
    public long qualification() {
        return qualification;
    }

    /** Why it was stopped. */
    public StopCause stopCause() {
        return outcome == WalkOutcome.TRANSLATED ? StopCause.NONE : stopCause;
    }

    /**
     * Level of the entry that it was stopped at, in the tables of the stage that stopped it: 1 is an entry of a page
     * table, 3 also one of a PAE page-directory-pointer table; 0 for none. For rights, the level of the leaf.
     */
    public int stopLevel() {
        return outcome == WalkOutcome.TRANSLATED ? 0 : stopLevel;
    }

    /** Whether an EPT violation may become a virtualization exception: the entry that decided does not suppress it. */
    public boolean isConvertible() {
        return convertible;
    }

    /** Notes where and why; {@code false} for the caller to return. */
    boolean stop(WalkOutcome newOutcome, StopCause newCause, int level) {
        outcome = newOutcome;
        stopCause = newCause;
        stopLevel = level;
        return false;
    }

    /** Entries of the guest's tables that this walk read; they are paid for however it ended. */
    public int guestReferences() {
        return guestReferences;
    }

    /** Entries of the second stage's tables that this walk read. */
    public int secondStageReferences() {
        return secondStageReferences;
    }

    /** What the memory hierarchy took to read entries of the guest's tables; 0 without one. */
    public long guestCycles() {
        return guestCycles;
    }

    /** What it took to read entries of the second stage's tables. */
    public long secondStageCycles() {
        return secondStageCycles;
    }

    void begin() {
        guestReferences = 0;
        secondStageReferences = 0;
        guestCycles = 0;
        secondStageCycles = 0;
        saved = 0;
    }
}

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
    StopCause cause = StopCause.NONE;
    int stopLevel;
    int guestReferences;
    int secondStageReferences;
    int saved;

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

    /** Why it stopped. */
    public StopCause cause() {
        return outcome == WalkOutcome.TRANSLATED ? StopCause.NONE : cause;
    }

    /**
     * Level of the entry that stopped it, of the stage that {@link #outcome} tells: 1 is an entry of a page table, 3
     * also a PAE page-directory-pointer-table entry; 0 if no entry did. For rights, the level of the leaf.
     */
    public int stopLevel() {
        return outcome == WalkOutcome.TRANSLATED ? 0 : stopLevel;
    }

    /** Notes where and why; {@code false} for the caller to return. */
    boolean stop(WalkOutcome newOutcome, StopCause newCause, int level) {
        outcome = newOutcome;
        cause = newCause;
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
}

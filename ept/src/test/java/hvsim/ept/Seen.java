package hvsim.ept;

import hvsim.tlb.PageSize;
import hvsim.tlb.Translation;

/** All there is to see of how a walk ended, the same of the walker and of its oracle; what has no meaning is 0. */
record Seen(
        String outcome,
        int errorCode,
        long gpa,
        long qualification,
        boolean convertible,
        long hpa,
        PageSize size,
        int flags,
        int key,
        int guestReferences,
        int secondStageReferences) {
    static Seen of(Walk w, long gva) {
        return w.outcome() == WalkOutcome.TRANSLATED
                ? translated(w.translation(), gva).after(w.guestReferences(), w.secondStageReferences())
                : withoutTranslation(w);
    }

    /** Of a stopped walk, or of one that is for no linear address. */
    static Seen withoutTranslation(Walk w) {
        boolean violation = w.outcome() == WalkOutcome.EPT_VIOLATION;
        boolean ofSecondStage = violation || w.outcome() == WalkOutcome.EPT_MISCONFIGURATION;
        int error = w.outcome() == WalkOutcome.PAGE_FAULT ? w.errorCode() : 0;
        Seen seen = stopped(
                w.outcome().name(),
                error,
                ofSecondStage ? w.gpa() : 0,
                violation ? w.qualification() : 0,
                violation && w.isConvertible());
        return seen.after(w.guestReferences(), w.secondStageReferences());
    }

    static Seen translated(long t, long gva) {
        long hpa = Translation.hpa(t, gva);
        int key = Translation.key(t);
        return new Seen("TRANSLATED", 0, 0, 0, false, hpa, Translation.size(t), Translation.flags(t), key, 0, 0);
    }

    static Seen stopped(String outcome, int errorCode, long gpa, long qualification, boolean convertible) {
        return new Seen(outcome, errorCode, gpa, qualification, convertible, 0, PageSize.SIZE_4K, 0, 0, 0, 0);
    }

    Seen after(int guest, int secondStage) {
        return new Seen(outcome, errorCode, gpa, qualification, convertible, hpa, size, flags, key, guest, secondStage);
    }

    /** As a processor may show it that remembers earlier walks: by its path, of which the references are none. */
    Seen byAnyPath() {
        return after(0, 0);
    }

    /** Whether it is {@code fresh} but for a second stage's dirty flag that was set after this was remembered. */
    boolean isLate(Seen fresh) {
        int known = flags | fresh.flags & Translation.HOST_DIRTY;
        Seen late = new Seen(outcome, errorCode, gpa, qualification, convertible, hpa, size, known, key, 0, 0);
        return late.equals(fresh.byAnyPath());
    }

    /** Where it ended, without what is remembered of it. */
    String end() {
        return String.format("%s %x %x %x %b %x", outcome, errorCode, gpa, qualification, convertible, hpa);
    }

    @Override
    public String toString() {
        return String.format(
                "%s error %x gpa %x qualification %x convertible %b hpa %x %s flags %x key %d references %d + %d",
                outcome,
                errorCode,
                gpa,
                qualification,
                convertible,
                hpa,
                size,
                flags,
                key,
                guestReferences,
                secondStageReferences);
    }
}

package hvsim.ept;

import java.util.ArrayList;
import java.util.List;

/** What a walker read, step by step, for those who want to look at a walk; {@link #NONE} writes nothing down. */
public final class WalkJournal {
    public static final WalkJournal NONE = new WalkJournal(false);

    private final boolean on;
    private final List<Step> steps = new ArrayList<>();

    private WalkJournal(boolean on) {
        this.on = on;
    }

    public static WalkJournal writing() {
        return new WalkJournal(true);
    }

    /** What a step did. */
    public enum Kind {
        /** Read an entry of the guest's (or native) tables. */
        GUEST,
        /** Read an entry of the second stage's tables. */
        SECOND_STAGE,
        /** Found a guest frame in the nested TLB: no reference. */
        NESTED_TLB
    }

    /**
     * @param level of the table read: 5 is the PML5, 1 the PT; 0 for none
     * @param hpa of the entry read, or of the frame found
     * @param entry its content
     * @param gpa what the second stage translates; 0 for guest entries
     */
    public record Step(Kind kind, int level, long hpa, long entry, long gpa) {}

    public List<Step> steps() {
        return List.copyOf(steps);
    }

    boolean isOn() {
        return on;
    }

    void guest(int level, long hpa, long entry) {
        if (on) {
            steps.add(new Step(Kind.GUEST, level, hpa, entry, 0));
        }
    }

    void secondStage(int level, long hpa, long entry, long gpa) {
        if (on) {
            steps.add(new Step(Kind.SECOND_STAGE, level, hpa, entry, gpa));
        }
    }

    void nestedTlbHit(long gpa, long hpa) {
        if (on) {
            steps.add(new Step(Kind.NESTED_TLB, 0, hpa, 0, gpa));
        }
    }
}

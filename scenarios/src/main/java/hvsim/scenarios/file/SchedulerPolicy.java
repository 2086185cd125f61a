package hvsim.scenarios.file;

/** Whose turn it is on a core. */
public enum SchedulerPolicy implements Choice {
    /** In the order of the VMs, a slice each. */
    ROUND_ROBIN("round_robin"),
    /** Who has had the least time by its {@code vms.NAME.weight}. */
    PROPORTIONAL_SHARE("proportional_share");

    private final String word;

    SchedulerPolicy(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}

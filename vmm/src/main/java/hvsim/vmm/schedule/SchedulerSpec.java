package hvsim.vmm.schedule;

/**
 * How virtual processors take turns.
 *
 * @param sliceCycles how long one runs before it is another one's turn; at least 1
 */
public record SchedulerSpec(Policy policy, long sliceCycles) {
    public SchedulerSpec {
        if (sliceCycles < 1) {
            throw new IllegalArgumentException("a slice has no cycle");
        }
    }
}

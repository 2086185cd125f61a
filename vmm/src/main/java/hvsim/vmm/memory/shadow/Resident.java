package hvsim.vmm.memory.shadow;

/**
 * An entry of every root table that is the hypervisor's own: where its guests are deprivileged, it lives in their address
 * spaces, out of their reach as a supervisor's pages are.
 *
 * @param level of root tables
 */
public record Resident(int level, int index, long entry) {
    public static final Resident NONE = new Resident(0, 0, 0);

    boolean isAny() {
        return level > 0;
    }

    boolean is(ShadowPage page, int place) {
        return page.level() == level && place == index;
    }
}

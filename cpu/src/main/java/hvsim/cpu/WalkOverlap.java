package hvsim.cpu;

/**
 * How far a core goes on while a page walk is under way.
 *
 * @param walkers page walks that can be under way at a time
 * @param hidden of a walk's cycles, those that the core does other work in, in 65536ths
 */
public record WalkOverlap(int walkers, int hidden) {
    /** A core waits for every walk; one walker is then as good as many. */
    public static final WalkOverlap NONE = new WalkOverlap(1, 0);

    static final int WHOLE_SHIFT = 16;

    /** All of a walk. */
    public static final int WHOLE = 1 << WHOLE_SHIFT;

    public WalkOverlap {
        if (walkers < 1 || hidden < 0 || hidden > WHOLE) {
            throw new IllegalArgumentException(walkers + " walkers that hide " + hidden + " of " + WHOLE);
        }
    }
}

package hvsim.scenarios.trace;

/**
 * Every {@code parts}-th thread of a trace, from number {@code part} on.
 *
 * @param part from 0
 */
record ThreadPart(int part, int parts) {
    static final ThreadPart ALL = new ThreadPart(0, 1);

    ThreadPart {
        if (part < 0 || part >= parts) {
            throw new IllegalArgumentException("part " + part + " of " + parts);
        }
    }

    boolean has(int thread) {
        return thread % parts == part;
    }
}

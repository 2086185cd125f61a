package hvsim.multiqueue.trace;

/** What was recorded at a time. */
public interface Timed {
    long nanos();
}

package hvsim.multiqueue.trace;

/**
 * One request of a storage trace.
 *
 * @param nanos since the trace's own beginning of time
 * @param volume disk, application storage unit, or device's minor number
 */
public record StorageRequest(long nanos, int volume, boolean write, long offsetBytes, long bytes) implements Timed {}

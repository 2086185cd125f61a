package hvsim.multiqueue.trace;

import hvsim.multiqueue.steering.Frame;

/** @param nanos since 1970, or what the capture counts from */
public record TimedFrame(long nanos, Frame frame) implements Timed {}

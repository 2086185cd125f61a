package hvsim.multiqueue.trace;

/** A trace that cannot be read on; the message says which record or line, and what is wrong with it. */
public final class BadTraceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadTraceException(String what) {
        super(what, null, false, false);
    }
}

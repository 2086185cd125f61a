package hvsim.multiqueue.trace;

/** What is wrong with a line; where it stands is added by who reads it. */
final class BadLineException extends Exception {
    private static final long serialVersionUID = 1L;

    BadLineException(String what) {
        super(what, null, false, false);
    }
}

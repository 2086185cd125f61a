package hvsim.vmm.memory;

/** An address space has no frame left; the message is for the user. */
public final class OutOfFramesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OutOfFramesException(String what, long limitBytes) {
        super(what + " is used up: all of its " + (limitBytes >>> 20) + "MiB are handed out");
    }
}

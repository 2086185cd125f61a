package hvsim.vmm.memory;

/** A guest does what the technique that it runs under is not made for. */
public final class UnsupportedGuestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedGuestException(String message) {
        super(message);
    }
}

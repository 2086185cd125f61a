package hvsim.vmm.kernel;

/** Nobody can go on: virtual processors wait for what cannot come. It is the guests' program that does so. */
public final class StuckException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StuckException(String message) {
        super(message);
    }
}

package hvsim.vmm;

/** Every virtual processor waits for an event, and nothing is under way that could bring one. */
public final class AllIdleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AllIdleException() {
        super("all virtual processors are halted, and no timer or interrupt is pending that could wake one");
    }
}

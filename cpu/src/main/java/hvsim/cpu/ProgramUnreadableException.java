package hvsim.cpu;

/** A program's source turned out damaged or unreadable; the message is for the user and says where. */
public final class ProgramUnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProgramUnreadableException(String message) {
        super(message);
    }
}

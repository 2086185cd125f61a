package hvsim.multiqueue.interrupt;

/**
 * When completed requests are worth an interrupt: at {@code count} of them, or {@code cycles} after the first.
 *
 * @param count 1 for an interrupt for each
 * @param cycles of no meaning with a count of 1
 */
public record ModerationSpec(int count, long cycles) {
    public static final ModerationSpec OFF = new ModerationSpec(1, 0);

    public ModerationSpec {
        if (count < 1) {
            throw new IllegalArgumentException("the count of interrupt moderation is 1 or more, not " + count);
        }
        if (cycles < 0 || count > 1 && cycles == 0) {
            throw new IllegalArgumentException(
                    "interrupts that wait for more than one request need a time after which they come anyway");
        }
    }
}

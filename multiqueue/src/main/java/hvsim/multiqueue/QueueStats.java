package hvsim.multiqueue;

/**
 * What a device counted of one queue.
 *
 * @param operations requests or frames that are done
 * @param bytes that were moved for them
 * @param drops frames that came and found no buffer
 * @param interrupts messages that were sent
 * @param suppressed interrupts that the driver did not want, by the ring or by a mask
 */
public record QueueStats(long operations, long bytes, long drops, long interrupts, long suppressed) {
    public QueueStats minus(QueueStats earlier) {
        return new QueueStats(
                operations - earlier.operations,
                bytes - earlier.bytes,
                drops - earlier.drops,
                interrupts - earlier.interrupts,
                suppressed - earlier.suppressed);
    }
}

package hvsim.multiqueue.virtio;

/** How each side of a virtqueue says when it wants to hear of the other: VIRTIO_F_EVENT_IDX, feature bit 29. */
public enum NotificationMode {
    /** Always or never. */
    FLAGS,
    /** When the other side gets past a place in the ring. */
    EVENT_INDEX
}

package hvsim.multiqueue.virtio;

import hvsim.multiqueue.bus.DeviceRing;

/** A virtqueue as its device sees it, the back end. */
public interface VirtQueueDevice extends DeviceRing {
    /** Asks for a notification at the next request; true if one is there already, and may come without. */
    boolean enableNotifications();

    /** Asks for none, as while the back end polls: a hint that the driver may miss. */
    void disableNotifications();
}

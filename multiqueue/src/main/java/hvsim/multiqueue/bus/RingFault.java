package hvsim.multiqueue.bus;

import hvsim.tlb.Snapshot;

/** What a device finds wrong with a ring. All but {@link #NONE} stop the ring until it is set up anew. */
public enum RingFault {
    NONE("nothing"),
    INDEX_JUMP("the index is more than a queue ahead of what the device has taken"),
    OVERRUN("more is made available than the queue holds while the device still has the rest"),
    DESCRIPTOR_OUT_OF_RANGE("the number of a descriptor is not below the size of its table"),
    DESCRIPTOR_LOOP("a chain has more descriptors than its table"),
    READABLE_AFTER_WRITABLE("a buffer to read comes after one to write"),
    BAD_INDIRECT("an indirect table is nested, chained, empty or no whole number of descriptors"),
    CHAIN_TOO_LONG("the buffers of a chain are longer than 4 GiB together"),
    BUFFER_OUT_OF_REACH("a buffer lies outside the memory that the device reaches"),
    RING_OUT_OF_REACH("a part of the ring lies outside the memory that the device reaches"),
    BAD_DOORBELL("the value of a doorbell is not below the number of entries"),
    BAD_PRP("a physical region page entry is not aligned");

    private final String meaning;

    RingFault(String meaning) {
        this.meaning = meaning;
    }

    /** For the report, after the name. */
    public String meaning() {
        return meaning;
    }

    /** Itself, or the one that was saved. */
    public RingFault transfer(Snapshot snapshot) {
        return values()[snapshot.transfer(ordinal())];
    }
}

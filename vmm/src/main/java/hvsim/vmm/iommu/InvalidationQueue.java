package hvsim.vmm.iommu;

import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;

/**
 * The queue in memory by which hardware is told what to forget: software writes descriptors and moves the tail, hardware
 * executes them in order and moves the head. One that hardware does not know stops the queue, and the error flag says so
 * (FSTS_REG.IQE), until software has cleared it.
 */
public final class InvalidationQueue {
    /** Of a queue of one page. */
    public static final int ENTRIES = 256;

    /** Most pages of one descriptor, as a power of two (CAP_REG.MAMV); assumed. */
    static final int MOST_PAGE_BITS = 9;

    private final PhysicalMemory memory;
    private final Iommu iommu;
    private final long base;
    private int head;
    private int tail;
    private boolean error;

    /** @param base a page of machine memory (IQA_REG) */
    public InvalidationQueue(PhysicalMemory memory, Iommu iommu, long base) {
        this.memory = memory;
        this.iommu = iommu;
        this.base = base;
    }

    /** What software does: writes one descriptor where the tail is, and moves the tail past it (IQT_REG). */
    public void submit(InvalidationDescriptor descriptor) {
        long at = base + (long) tail * InvalidationDescriptor.BYTES;
        memory.write(at, descriptor.low());
        memory.write(at + Long.BYTES, descriptor.high());
        tail = after(tail);
        execute();
    }

    private void execute() {
        while (!error && head != tail) {
            long at = base + (long) head * InvalidationDescriptor.BYTES;
            error = !execute(new InvalidationDescriptor(memory.read(at), memory.read(at + Long.BYTES)));
            head = error ? head : after(head);
        }
    }

    private boolean execute(InvalidationDescriptor descriptor) {
        return switch (descriptor.type()) {
            case InvalidationDescriptor.CONTEXT -> forgetContext(descriptor);
            case InvalidationDescriptor.IOTLB -> forgetPages(descriptor);
            case InvalidationDescriptor.INTERRUPT -> true; // no interrupt entry is remembered
            case InvalidationDescriptor.WAIT -> tell(descriptor);
            default -> false;
        };
    }

    private boolean forgetContext(InvalidationDescriptor descriptor) {
        switch (descriptor.granularity()) {
            case InvalidationDescriptor.ALL, InvalidationDescriptor.DOMAIN -> iommu.forgetContexts();
            case InvalidationDescriptor.ONE -> iommu.forgetContext(descriptor.requester());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean forgetPages(InvalidationDescriptor descriptor) {
        switch (descriptor.granularity()) {
            case InvalidationDescriptor.ALL -> iommu.forgetAll();
            case InvalidationDescriptor.DOMAIN -> iommu.forgetDomain(descriptor.domain());
            case InvalidationDescriptor.ONE -> {
                return forgetRange(descriptor);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean forgetRange(InvalidationDescriptor descriptor) {
        if (descriptor.pageBits() > MOST_PAGE_BITS) {
            return false;
        }
        long bytes = PageSize.SIZE_4K.bytes() << descriptor.pageBits();
        long first = descriptor.page() & -bytes;
        for (long iova = first; iova < first + bytes; iova += PageSize.SIZE_4K.bytes()) {
            iommu.forgetPage(descriptor.domain(), iova, !descriptor.isLeafOnly());
        }
        return true;
    }

    private boolean tell(InvalidationDescriptor descriptor) {
        if (descriptor.writesStatus()) {
            long word = descriptor.statusAddress() & -8L;
            int shift = (int) (descriptor.statusAddress() & 4) * 8;
            long kept = memory.read(word) & ~(0xFFFF_FFFFL << shift);
            memory.write(word, kept | (descriptor.statusData() & 0xFFFF_FFFFL) << shift);
        }
        return true;
    }

    /** Whether it has stopped at a descriptor that hardware does not know. */
    public boolean error() {
        return error;
    }

    /** What software does after it: has the queue skip what was wrong. */
    public void clearError() {
        if (error) {
            error = false;
            head = after(head);
            execute();
        }
    }

    private static int after(int index) {
        return index + 1 & ENTRIES - 1;
    }

    public void transfer(Snapshot snapshot) {
        head = snapshot.transfer(head);
        tail = snapshot.transfer(tail);
        error = snapshot.transfer(error);
    }
}

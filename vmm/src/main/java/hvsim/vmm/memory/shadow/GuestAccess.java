package hvsim.vmm.memory.shadow;

import hvsim.ept.PageFaultCode;
import hvsim.tlb.AccessKind;

/**
 * An access of a guest that faulted.
 *
 * @param errorCode of the fault: what access it was
 * @param writtenBytes how many bytes from {@code gva} it writes, if it writes
 */
public record GuestAccess(PagingState state, long gva, int errorCode, int writtenBytes) {
    boolean isUser() {
        return (errorCode & PageFaultCode.USER) != 0;
    }

    public boolean isWrite() {
        return (errorCode & PageFaultCode.WRITE) != 0;
    }

    /** Where fetches are not told from reads, they need no more. */
    public int kind() {
        if (isWrite()) {
            return AccessKind.WRITE;
        }
        return (errorCode & PageFaultCode.FETCH) != 0 ? AccessKind.FETCH : AccessKind.READ;
    }
}

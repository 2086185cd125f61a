package hvsim.multiqueue.nvme;

/** Generic command status. */
public enum NvmeStatus {
    SUCCESS(0x00),
    INVALID_OPCODE(0x01),
    DATA_TRANSFER_ERROR(0x04),
    INVALID_NAMESPACE(0x0B),
    PRP_OFFSET_INVALID(0x13),
    LBA_OUT_OF_RANGE(0x80);

    private final int code;

    NvmeStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}

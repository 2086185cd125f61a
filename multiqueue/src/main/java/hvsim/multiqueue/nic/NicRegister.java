package hvsim.multiqueue.nic;

import org.jspecify.annotations.Nullable;

/** Registers by their names and offsets in the manual, 13.4. */
enum NicRegister {
    STATUS(0x0008),
    ICR(0x00C0),
    ITR(0x00C4),
    ICS(0x00C8),
    IMS(0x00D0),
    IMC(0x00D8),
    RCTL(0x0100),
    TCTL(0x0400),
    RDBAL(0x2800),
    RDBAH(0x2804),
    RDLEN(0x2808),
    RDH(0x2810),
    RDT(0x2818),
    TDBAL(0x3800),
    TDBAH(0x3804),
    TDLEN(0x3808),
    TDH(0x3810),
    TDT(0x3818);

    private static final NicRegister[] ALL = values();

    private final int offset;

    NicRegister(int offset) {
        this.offset = offset;
    }

    int offset() {
        return offset;
    }

    /** Null where there is none. */
    static @Nullable NicRegister at(long offset) {
        for (NicRegister register : ALL) {
            if (register.offset == offset) {
                return register;
            }
        }
        return null;
    }
}

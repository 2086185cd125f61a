package hvsim.cpu.vmx;

/**
 * A segment register of the guest-state area, by its four fields; and the bits of access rights.
 *
 * <pre>
 *  31   17  16 15 14 13 12 11   8 7 6 5 4 3  0
 * +-------+---+--+--+--+--+------+-+---+-+----+
 * |   0   | U |G |DB|L |AV|  0   |P|DPL|S|type|    U: unusable
 * +-------+---+--+--+--+--+------+-+---+-+----+
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), table 24-2.
 */
public enum GuestSegment {
    CS,
    SS,
    DS,
    ES,
    FS,
    GS,
    LDTR,
    TR;

    public static final int TYPE = 0xF;
    public static final int CODE_OR_DATA = 1 << 4;
    public static final int DPL_SHIFT = 5;
    public static final int PRESENT = 1 << 7;
    public static final int LONG = 1 << 13;
    public static final int BIG = 1 << 14;
    public static final int GRANULARITY = 1 << 15;
    public static final int UNUSABLE = 1 << 16;

    private final VmcsField selector = VmcsField.valueOf("GUEST_" + name() + "_SELECTOR");
    private final VmcsField base = VmcsField.valueOf("GUEST_" + name() + "_BASE");
    private final VmcsField limit = VmcsField.valueOf("GUEST_" + name() + "_LIMIT");
    private final VmcsField accessRights = VmcsField.valueOf("GUEST_" + name() + "_ACCESS_RIGHTS");

    public VmcsField selector() {
        return selector;
    }

    public VmcsField base() {
        return base;
    }

    public VmcsField limit() {
        return limit;
    }

    public VmcsField accessRights() {
        return accessRights;
    }
}

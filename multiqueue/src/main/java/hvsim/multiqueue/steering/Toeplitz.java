package hvsim.multiqueue.steering;

/**
 * The hash of receive-side scaling: for each bit of the input that is set, from the left, the 32 bits of the key that
 * begin there are added without carry.
 *
 * <pre>
 *   input   source address | destination address | source port | destination port     as in the packet
 *   tables[256 i + b]   what byte i of the input adds if it is b
 * </pre>
 */
public final class Toeplitz {
    private static final int KEY_BYTES = 40;

    /** Two IPv6 addresses and two ports. */
    private static final int MOST_INPUT_BYTES = 36;

    private final int[] tables = new int[MOST_INPUT_BYTES << 8];

    public Toeplitz(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has 40 bytes, not " + key.length);
        }
        for (int i = 0; i < MOST_INPUT_BYTES; i++) {
            fill(i << 8, windows(key, i));
        }
    }

    /** The 39 bits of the key from byte {@code i} on, of which each bit of an input byte takes 32. */
    private static long windows(byte[] key, int i) {
        long bits = 0;
        for (int k = i; k < i + 5; k++) {
            bits = bits << 8 | (k < key.length ? key[k] & 0xFF : 0);
        }
        return bits;
    }

    private void fill(int from, long windows) {
        for (int value = 0; value < 256; value++) {
            for (int bit = 0; bit < 8; bit++) {
                if ((value & 0x80 >> bit) != 0) {
                    tables[from + value] ^= (int) (windows >>> 8 - bit);
                }
            }
        }
    }

    /** 0 for what has no addresses. */
    public int hash(Flow flow) {
        if (!flow.kind().isIp()) {
            return 0;
        }
        return flow.kind().isIpv6() ? hash6(flow) : hash4(flow);
    }

    private int hash4(Flow flow) {
        int hash = word(0, (int) flow.sourceLow()) ^ word(4, (int) flow.destinationLow());
        return hash ^ ports(8, flow);
    }

    private int hash6(Flow flow) {
        int hash = doubleWord(0, flow.sourceHigh()) ^ doubleWord(8, flow.sourceLow());
        hash ^= doubleWord(16, flow.destinationHigh()) ^ doubleWord(24, flow.destinationLow());
        return hash ^ ports(32, flow);
    }

    private int ports(int at, Flow flow) {
        return flow.kind().hasPorts() ? word(at, flow.sourcePort() << 16 | flow.destinationPort()) : 0;
    }

    private int doubleWord(int at, long value) {
        return word(at, (int) (value >>> 32)) ^ word(at + 4, (int) value);
    }

    private int word(int at, int value) {
        int from = at << 8;
        return tables[from + (value >>> 24)]
                ^ tables[from + 0x100 + (value >>> 16 & 0xFF)]
                ^ tables[from + 0x200 + (value >>> 8 & 0xFF)]
                ^ tables[from + 0x300 + (value & 0xFF)];
    }
}

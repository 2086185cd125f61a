package hvsim.multiqueue.trace;

/** Numbers within bytes, in the order that a capture file was written in. */
record Words(boolean bigEndian) {
    int u16(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        int second = bytes[at + 1] & 0xFF;
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    long u32(byte[] bytes, int at) {
        long first = u16(bytes, at);
        long second = u16(bytes, at + 2);
        return bigEndian ? first << 16 | second : second << 16 | first;
    }
}

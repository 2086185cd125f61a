package hvsim.multiqueue.bus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes from address 0 up, for rings of a device that is looked at alone. */
public final class ArrayMemory implements BusMemory {
    private final ByteBuffer bytes;

    public ArrayMemory(int size) {
        bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public boolean reaches(long address, long length, boolean write) {
        return address >= 0 && length >= 0 && length <= bytes.capacity() && address <= bytes.capacity() - length;
    }

    @Override
    public int read8(long address) {
        return bytes.get((int) address) & 0xFF;
    }

    @Override
    public int read16(long address) {
        return bytes.getShort((int) address) & 0xFFFF;
    }

    @Override
    public long read32(long address) {
        return bytes.getInt((int) address) & 0xFFFF_FFFFL;
    }

    @Override
    public long read64(long address) {
        return bytes.getLong((int) address);
    }

    @Override
    public void write8(long address, int value) {
        bytes.put((int) address, (byte) value);
    }

    @Override
    public void write16(long address, int value) {
        bytes.putShort((int) address, (short) value);
    }

    @Override
    public void write32(long address, long value) {
        bytes.putInt((int) address, (int) value);
    }

    @Override
    public void write64(long address, long value) {
        bytes.putLong((int) address, value);
    }
}

package hvsim.multiqueue.bus;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bytes from address 0 up, for rings of a device that is looked at alone. */
public final class ArrayMemory implements BusMemory {
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private final byte[] bytes;

    public ArrayMemory(int size) {
        bytes = new byte[size];
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public boolean reaches(long address, long length, boolean write) {
        return address >= 0 && length >= 0 && length <= bytes.length && address <= bytes.length - length;
    }

    @Override
    public int read8(long address) {
        return bytes[(int) address] & 0xFF;
    }

    @Override
    public int read16(long address) {
        return (short) SHORT.get(bytes, (int) address) & 0xFFFF;
    }

    @Override
    public long read32(long address) {
        return (int) INT.get(bytes, (int) address) & 0xFFFF_FFFFL;
    }

    @Override
    public long read64(long address) {
        return (long) LONG.get(bytes, (int) address);
    }

    @Override
    public void write8(long address, int value) {
        bytes[(int) address] = (byte) value;
    }

    @Override
    public void write16(long address, int value) {
        SHORT.set(bytes, (int) address, (short) value);
    }

    @Override
    public void write32(long address, long value) {
        INT.set(bytes, (int) address, (int) value);
    }

    @Override
    public void write64(long address, long value) {
        LONG.set(bytes, (int) address, value);
    }
}

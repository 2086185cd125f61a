package hvsim.scenarios.cpuid;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The registers of one processor, by leaf and subleaf. A leaf that is not there reads as zeros. */
final class CpuidDump {
    /** EAX, EBX, ECX and EDX, in the order in which a dump names them. */
    enum Register {
        EAX,
        EBX,
        ECX,
        EDX
    }

    /** Kinds of cores in a hybrid processor, leaf 1AH. */
    static final int ATOM = 0x20;

    static final int CORE = 0x40;

    private final SortedMap<Long, int[]> registers = new TreeMap<>();

    private static long key(int leaf, int subleaf) {
        return Integer.toUnsignedLong(leaf) << 32 | Integer.toUnsignedLong(subleaf);
    }

    boolean isEmpty() {
        return registers.isEmpty();
    }

    boolean has(int leaf) {
        return registers.containsKey(key(leaf, 0));
    }

    /** Sets some bits of a register. */
    void put(int leaf, int subleaf, Register register, int lowBit, int value) {
        registers.computeIfAbsent(key(leaf, subleaf), unused -> new int[4])[register.ordinal()] |= value << lowBit;
    }

    int get(int leaf, int subleaf, Register register) {
        int[] all = registers.get(key(leaf, subleaf));
        return all == null ? 0 : all[register.ordinal()];
    }

    int bits(int leaf, int subleaf, Register register, int lowBit, int width) {
        return get(leaf, subleaf, register) >>> lowBit & (1 << width) - 1;
    }

    boolean bit(int leaf, Register register, int bit) {
        return bits(leaf, 0, register, bit, 1) != 0;
    }

    /** The subleaves of a leaf that were given, ascending. */
    List<Integer> subleaves(int leaf) {
        List<Integer> all = new ArrayList<>();
        registers.subMap(key(leaf, 0), key(leaf, -1)).keySet().forEach(key -> all.add(key.intValue()));
        return all;
    }

    /** The vendor's twelve letters: EBX, EDX and ECX of leaf 0. */
    String vendor() {
        ByteBuffer letters = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        letters.putInt(get(0, 0, Register.EBX)).putInt(get(0, 0, Register.EDX)).putInt(get(0, 0, Register.ECX));
        return new String(letters.array(), StandardCharsets.US_ASCII);
    }

    /** {@link #ATOM}, {@link #CORE}, or 0 where leaf 1AH does not tell. */
    int coreType() {
        return bits(0x1a, 0, Register.EAX, 24, 8);
    }

    /** Base family, and the extended one where the base is 15. */
    int family() {
        int base = bits(1, 0, Register.EAX, 8, 4);
        return base == 15 ? base + bits(1, 0, Register.EAX, 20, 8) : base;
    }

    /** Base model, and the extended one in front where the family is 6 or has an extension. */
    int model() {
        int base = bits(1, 0, Register.EAX, 4, 4);
        return family() == 6 || family() >= 15 ? bits(1, 0, Register.EAX, 16, 4) << 4 | base : base;
    }
}

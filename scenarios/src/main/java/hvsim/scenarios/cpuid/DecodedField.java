package hvsim.scenarios.cpuid;

import hvsim.scenarios.cpuid.CpuidDump.Register;
import java.util.ArrayList;
import java.util.List;

/**
 * A field of decoded text: under which heading it stands, what it is called, and which bits it was.
 *
 * @param heading the register that the heading names; empty if it names none
 */
record DecodedField(int leaf, String heading, String name, Register register, int lowBit, int width) {
    static final List<DecodedField> ALL = all();

    boolean is(int leaf, String heading, String name) {
        return this.leaf == leaf && this.heading.equals(heading) && this.name.equals(name);
    }

    private static List<DecodedField> all() {
        List<DecodedField> all = new ArrayList<>();
        version(all);
        all.add(of(1, Register.ECX, "PCID: process context identifiers", 17, 1));
        all.add(of(1, Register.ECX, "process context identifiers", 17, 1));
        all.add(of(0x80000001, Register.EDX, "1-GB large page support", 26, 1));
        all.add(plain(0x16, Register.EAX, "Core Base Frequency (MHz)", 0, 16));
        all.add(of(0x80000008, Register.EAX, "maximum linear (virtual) address bits", 8, 8));
        all.add(plain(0x1a, Register.EAX, "core type", 24, 8));
        translation(all);
        for (Register register : List.of(Register.EAX, Register.EBX)) {
            tlb(all, 0x80000005, register, 8, 8);
            tlb(all, 0x80000006, register, 12, 4);
            tlb(all, 0x80000019, register, 12, 4);
        }
        return List.copyOf(all);
    }

    private static void version(List<DecodedField> all) {
        all.add(of(1, Register.EAX, "family", 8, 4));
        all.add(of(1, Register.EAX, "model", 4, 4));
        all.add(of(1, Register.EAX, "extended family", 20, 8));
        all.add(of(1, Register.EAX, "extended model", 16, 4));
    }

    /** Leaf 18H, one heading for each subleaf. */
    private static void translation(List<DecodedField> all) {
        all.add(plain(0x18, Register.EBX, "4KB page size entries supported", 0, 1));
        all.add(plain(0x18, Register.EBX, "2MB page size entries supported", 1, 1));
        all.add(plain(0x18, Register.EBX, "1GB page size entries supported", 3, 1));
        all.add(plain(0x18, Register.EBX, "ways of associativity", 16, 16));
        all.add(plain(0x18, Register.ECX, "number of sets", 0, 32));
        all.add(plain(0x18, Register.EDX, "translation cache type", 0, 5));
        all.add(plain(0x18, Register.EDX, "translation cache level", 5, 3));
        all.add(plain(0x18, Register.EDX, "fully associative", 8, 1));
    }

    /** Entries and associativity, of fetches in the lower half, of data in the upper one. */
    private static void tlb(List<DecodedField> all, int leaf, Register register, int entries, int ways) {
        all.add(of(leaf, register, "instruction # entries", 0, entries));
        all.add(of(leaf, register, "instruction associativity", entries, ways));
        all.add(of(leaf, register, "data # entries", 16, entries));
        all.add(of(leaf, register, "data associativity", 16 + entries, ways));
    }

    private static DecodedField of(int leaf, Register register, String name, int lowBit, int width) {
        return new DecodedField(
                leaf, register.name().toLowerCase(java.util.Locale.ROOT), name, register, lowBit, width);
    }

    private static DecodedField plain(int leaf, Register register, String name, int lowBit, int width) {
        return new DecodedField(leaf, "", name, register, lowBit, width);
    }
}

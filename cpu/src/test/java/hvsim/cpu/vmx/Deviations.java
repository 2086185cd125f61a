package hvsim.cpu.vmx;

import hvsim.ept.PhysicalMemory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Random changes of a VMCS and of what it points to: near misses more often than noise. */
final class Deviations {
    private static final VmcsField[] FIELDS = VmcsField.values();
    private static final List<VmcsField> RIGHTS =
            Stream.of(GuestSegment.values()).map(GuestSegment::accessRights).toList();
    private static final List<VmcsField> STATE = List.of(
            VmcsField.GUEST_ACTIVITY_STATE,
            VmcsField.GUEST_INTERRUPTIBILITY_STATE,
            VmcsField.GUEST_PENDING_DEBUG_EXCEPTIONS,
            VmcsField.GUEST_RFLAGS,
            VmcsField.GUEST_DEBUGCTL,
            VmcsField.GUEST_CR0,
            VmcsField.GUEST_CR4,
            VmcsField.GUEST_EFER,
            VmcsField.ENTRY_CONTROLS);
    private static final List<VmcsField> POINTED = List.of(
            VmcsField.VMCS_LINK_POINTER, VmcsField.ENTRY_MSR_LOAD_ADDRESS, VmcsField.GUEST_CR3, VmcsField.GUEST_PDPTE0);
    private static final long[] VALUES = {
        0,
        1,
        2,
        3,
        7,
        15,
        16,
        0xFFF,
        0x1000,
        0xFFFF,
        0xFFFF_FFFFL,
        1L << 32,
        1L << 45,
        1L << 46,
        1L << 47,
        1L << 55,
        1L << 56,
        0xFF00_0000_0000_0000L,
        -1L,
        -4096L,
        GoodVmcs.CURRENT,
        GoodVmcs.REVISION_ONLY,
        GoodVmcs.SHADOW,
        GoodVmcs.WRONG_REVISION,
        GoodVmcs.MSR_LIST,
        GoodVmcs.PDPT
    };
    private static final int[] MSRS = {
        0x9B,
        0x174,
        0x175,
        0x480,
        0x491,
        0x492,
        0x7FF,
        0x800,
        0x8FF,
        0x900,
        0xC000_0080,
        0xC000_0082,
        0xC000_0100,
        0xC000_0101,
        0xC000_0102,
        0xC000_0103
    };

    private final SplittableRandom random;

    Deviations(SplittableRandom random) {
        this.random = random;
    }

    void apply(Vmcs vmcs, PhysicalMemory memory) {
        switch (random.nextInt(10)) {
            case 0, 1 -> flip(vmcs, FIELDS[random.nextInt(FIELDS.length)]);
            case 2 -> vmcs.write(FIELDS[random.nextInt(FIELDS.length)], value());
            case 3 -> flip(vmcs, VmxControl.values()[random.nextInt(VmxControl.values().length)]);
            case 4 -> flip(vmcs, RIGHTS.get(random.nextInt(RIGHTS.size())));
            case 5 -> flip(vmcs, STATE.get(random.nextInt(STATE.size())));
            case 6, 7 -> inject(vmcs);
            case 8 -> vmcs.write(POINTED.get(random.nextInt(POINTED.size())), value());
            default -> change(memory);
        }
    }

    private long value() {
        return random.nextInt(8) == 0 ? random.nextLong() : VALUES[random.nextInt(VALUES.length)];
    }

    private void flip(Vmcs vmcs, VmcsField field) {
        vmcs.write(field, vmcs.read(field) ^ 1L << random.nextInt(field.widthBits()));
    }

    private static void flip(Vmcs vmcs, VmxControl control) {
        vmcs.write(control.word(), vmcs.read(control.word()) ^ control.mask());
    }

    /** Types that are there, vectors that matter, and sometimes a state of the guest that forbids it. */
    private void inject(Vmcs vmcs) {
        int[] vectors = {0, 1, 2, 8, 13, 14, 17, 18, 31, 32, random.nextInt(256)};
        long info = 1L << 31 | (long) random.nextInt(8) << 8 | vectors[random.nextInt(vectors.length)];
        long error = random.nextInt(3) == 0 ? 1 << 11 : 0;
        long reserved = random.nextInt(16) == 0 ? 1L << 12 + random.nextInt(19) : 0;
        vmcs.write(VmcsField.ENTRY_INTERRUPTION_INFO, info | error | reserved);
        vmcs.write(VmcsField.ENTRY_EXCEPTION_ERROR_CODE, random.nextInt(4) == 0 ? value() : 0);
        vmcs.write(VmcsField.ENTRY_INSTRUCTION_LENGTH, random.nextInt(18));
        vmcs.write(VmcsField.GUEST_RFLAGS, vmcs.read(VmcsField.GUEST_RFLAGS) ^ (random.nextBoolean() ? 0x200 : 0));
        switch (random.nextInt(4)) {
            case 0 -> vmcs.write(VmcsField.GUEST_ACTIVITY_STATE, random.nextInt(4));
            case 1 -> vmcs.write(VmcsField.GUEST_INTERRUPTIBILITY_STATE, 1L << random.nextInt(5));
            default -> {
                // as it was
            }
        }
    }

    private void change(PhysicalMemory memory) {
        switch (random.nextInt(4)) {
            case 0 -> memory.write(GoodVmcs.MSR_LIST + 16L * random.nextInt(3), msr());
            case 1 -> memory.write(GoodVmcs.MSR_LIST + 16L * random.nextInt(3) + 8, value());
            case 2 -> memory.write(GoodVmcs.PDPT + 8L * random.nextInt(4), 1L << random.nextInt(64) | 1);
            default -> memory.write(GoodVmcs.VIRTUAL_APIC + 0x80, random.nextInt(256));
        }
    }

    private long msr() {
        long high = random.nextInt(8) == 0 ? 1L << 32 : 0;
        return MSRS[random.nextInt(MSRS.length)] & 0xFFFF_FFFFL | high;
    }
}

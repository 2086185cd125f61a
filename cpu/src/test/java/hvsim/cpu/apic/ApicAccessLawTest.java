package hvsim.cpu.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.AccessKind;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every offset, size and kind of access under every setting of the controls (SDM vol. 3, 29.4.2, 29.4.3.1). */
class ApicAccessLawTest {
    private static final Set<Integer> READABLE = Stream.concat(
                    Stream.of(0x20, 0x30, 0x80, 0xB0, 0xD0, 0xE0, 0xF0, 0x280, 0x300, 0x310, 0x380, 0x3E0),
                    Stream.of(
                                    IntStream.range(0x10, 0x28).map(i -> i * 0x10),
                                    IntStream.range(0x32, 0x38).map(i -> i * 0x10))
                            .flatMap(IntStream::boxed))
            .collect(Collectors.toSet());
    private static final Set<Integer> WRITABLE = Set.of(
            0x20, 0x80, 0xB0, 0xD0, 0xE0, 0xF0, 0x280, 0x300, 0x310, 0x320, 0x330, 0x340, 0x350, 0x360, 0x370, 0x380,
            0x3E0);

    private static boolean expected(
            int kind, int offset, int size, boolean shadow, boolean registers, boolean delivery) {
        int slot = offset / 16 * 16;
        if (!shadow || kind == AccessKind.FETCH || offset - slot + size > 4) {
            return false;
        }
        Set<Integer> reads = registers ? READABLE : Set.of(0x80);
        Set<Integer> writes = registers ? WRITABLE : delivery ? Set.of(0x80, 0xB0, 0x300) : Set.of(0x80);
        return switch (kind) {
            case AccessKind.READ -> reads.contains(slot);
            case AccessKind.WRITE -> writes.contains(slot);
            default -> reads.contains(slot) && writes.contains(slot);
        };
    }

    @Test
    void anAccessIsVirtualizedExactlyWhereTheManualListsIt() {
        for (int controls = 0; controls < 8; controls++) {
            boolean shadow = (controls & 1) != 0;
            boolean registers = (controls & 2) != 0;
            boolean delivery = (controls & 4) != 0;
            Vmcs vmcs = new Vmcs();
            vmcs.set(VmxControl.ACTIVATE_SECONDARY_CONTROLS, true);
            vmcs.set(VmxControl.USE_TPR_SHADOW, shadow);
            vmcs.set(VmxControl.APIC_REGISTER_VIRTUALIZATION, registers);
            vmcs.set(VmxControl.VIRTUAL_INTERRUPT_DELIVERY, delivery);
            for (int offset = 0; offset < 4096; offset++) {
                for (int size = 1; size <= 16; size *= 2) {
                    for (int kind = 0; kind < AccessKind.COUNT; kind++) {
                        assertEquals(
                                expected(kind, offset, size, shadow, registers, delivery),
                                ApicAccess.isVirtualized(kind, offset, size, vmcs));
                    }
                }
            }
        }
    }
}

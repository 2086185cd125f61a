package hvsim.cpu.vmx;

import java.util.Optional;

/**
 * What an operand of VMREAD or VMWRITE names: a field, or the high half of a 64-bit one.
 *
 * <pre>
 *  63      15 14   13 12 11 10 9     1  0
 * +----------+-------+--+-----+-------+----+
 * |    0     | width | 0|type | index |high|
 * +----------+-------+--+-----+-------+----+
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 24.11.2.
 */
public record VmcsComponent(VmcsField field, boolean highHalf) {
    private static final long ENCODINGS = 0x7FFF;
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    /** The component with that encoding, if the processor has it. */
    public static Optional<VmcsComponent> byEncoding(long encoding, VmxCapability capability) {
        if ((encoding & ~ENCODINGS) != 0) {
            return Optional.empty();
        }
        boolean high = (encoding & 1) != 0;
        return VmcsField.byEncoding((int) encoding & ~1)
                .filter(capability::isImplemented)
                .filter(field -> !high || field.width() == VmcsField.Width.BITS_64)
                .map(field -> new VmcsComponent(field, high));
    }

    boolean isReadOnly() {
        return field.type() == VmcsField.Type.EXIT_INFORMATION;
    }

    long read(Vmcs vmcs) {
        return highHalf ? vmcs.read(field) >>> 32 : vmcs.read(field);
    }

    void write(Vmcs vmcs, long value) {
        vmcs.write(field, highHalf ? value << 32 | vmcs.read(field) & LOW_HALF : value);
    }
}

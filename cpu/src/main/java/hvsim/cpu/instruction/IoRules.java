package hvsim.cpu.instruction;

import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import org.jspecify.annotations.Nullable;

/** Exits of I/O instructions: by the bitmaps where they are used, else all or none (SDM vol. 3, 25.1.3). */
final class IoRules {
    private static final int PORTS = 1 << 16;
    private static final int PORTS_OF_A_BITMAP = PORTS / 2;

    private IoRules() {}

    static @Nullable Rule exit(Operation o, Processor p) {
        if (!p.has(VmxControl.USE_IO_BITMAPS)) {
            return p.has(VmxControl.UNCONDITIONAL_IO_EXITING) ? Rule.EXITS_BY_CONTROL : null;
        }
        PortOperand port = PortOperand.unpack(o.bits());
        int end = port.port() + port.bytes();
        if (end > PORTS) {
            return Rule.EXITS_BY_BITMAP; // beyond the last port
        }
        for (int each = port.port(); each < end; each++) {
            if (bit(each, p)) {
                return Rule.EXITS_BY_BITMAP;
            }
        }
        return null;
    }

    private static boolean bit(int port, Processor p) {
        VmcsField bitmap = port < PORTS_OF_A_BITMAP ? VmcsField.IO_BITMAP_A : VmcsField.IO_BITMAP_B;
        return p.bitOf(bitmap, port & PORTS_OF_A_BITMAP - 1);
    }
}

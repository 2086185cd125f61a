package hvsim.cpu.instruction;

import hvsim.cpu.instruction.Processor.Mode;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmcsField;

/** What the oracle asks of a case: the state by the manual's names, control bits by number (SDM vol. 3, 24.6). */
final class NaiveState {
    final Operation o;
    final Processor p;
    final Instruction i;
    final Registers r;
    final int cpl;
    final boolean nonRoot;
    final boolean outsideVmx;
    final boolean real;
    final boolean vm86;
    final boolean ia32e;
    final boolean bits64;
    final boolean isMemory;

    NaiveState(Operation o, Processor p) {
        this.o = o;
        this.p = p;
        i = o.instruction();
        r = p.registers();
        cpl = p.cpl();
        nonRoot = p.mode() == Mode.NON_ROOT;
        outsideVmx = p.mode() == Mode.OUTSIDE_VMX;
        real = bit(r.cr0, 0) == 0;
        vm86 = !real && bit(r.rflags, 17) == 1;
        ia32e = bit(r.efer, 10) == 1;
        bits64 = ia32e && r.codeIs64Bit;
        isMemory = !o.encoding().memory().isNone();
    }

    static int bit(long word, int number) {
        return (int) (word >>> number & 1);
    }

    boolean cr0(int bit) {
        return bit(r.cr0, bit) == 1;
    }

    boolean cr4(int bit) {
        return bit(r.cr4, bit) == 1;
    }

    int iopl() {
        return bit(r.rflags, 12) + 2 * bit(r.rflags, 13);
    }

    long field(VmcsField field) {
        return p.vmcs().read(field);
    }

    boolean primary(int bit) {
        return nonRoot && bit(field(VmcsField.PRIMARY_CONTROLS), bit) == 1;
    }

    /** Table 24-7; in force if bit 31 of the primary ones is set. */
    boolean secondary(int bit) {
        return primary(31) && bit(field(VmcsField.SECONDARY_CONTROLS), bit) == 1;
    }

    /** In force if bit 17 of the primary ones is set. */
    boolean tertiary(int bit) {
        return primary(17) && bit(field(VmcsField.TERTIARY_CONTROLS), bit) == 1;
    }

    boolean bitmap(long address, long number) {
        return bit(p.memory().read(address + number / 64 * 8), (int) (number % 64)) == 1;
    }

    /** Mode rule of VMX instructions (SDM vol. 3, 30.3): protected mode, not virtual-8086, not compatibility mode. */
    boolean isNoModeForVmx() {
        return real || vm86 || ia32e && !bits64;
    }

    boolean hasDescriptors() {
        return !real && !vm86;
    }

    SelectorOperand selector() {
        return SelectorOperand.unpack((int) o.operand());
    }

    /** Bits 63:47, or 63:56 with CR4.LA57, all alike (SDM vol. 1, 3.3.7.1). */
    boolean isCanonical(long address) {
        long upper = address >> (cr4(12) ? 56 : 47);
        return upper == 0 || upper == -1;
    }
}

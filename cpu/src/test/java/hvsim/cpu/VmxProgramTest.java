package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.LongModeVmcs;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.cpu.vmx.VmxControl;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** VMX instructions of a guest with VMCS shadowing, and of a native kernel (SDM vol. 3, 24.10 and chapter 30). */
class VmxProgramTest {
    private static final long REGION = 0x600_0000;
    private static final long VMXON_REGION = 0x600_1000;
    private static final long READ_BITMAP = 0x600_2000;
    private static final long WRITE_BITMAP = 0x600_3000;
    private static final long SHADOW = 1L << 31;
    private static final int FEATURE_CONTROL = 0x3A;
    private static final int GUEST_RSP = VmcsField.GUEST_RSP.encoding();
    private static final long FLAGS = Registers.RFLAGS_CF | Registers.RFLAGS_ZF;

    private static long[] with(Instruction instruction, int operand, long value) {
        return new long[] {GuestOp.instructionWithValue(instruction, 0, operand), value};
    }

    private static long[] join(long[]... programs) {
        return Arrays.stream(programs).flatMapToLong(LongStream::of).toArray();
    }

    private static SmallGuest shadowing(long link, long[]... program) {
        SmallGuest guest = new SmallGuest(join(program));
        Vmcs v = guest.vcpu.vmcs();
        v.set(VmxControl.VMCS_SHADOWING, true);
        v.write(VmcsField.VMREAD_BITMAP, READ_BITMAP);
        v.write(VmcsField.VMWRITE_BITMAP, WRITE_BITMAP);
        v.write(VmcsField.VMCS_LINK_POINTER, link);
        guest.memory.write(REGION, VmxCapability.REVISION_ID | SHADOW);
        return guest;
    }

    private static long flags(SmallGuest guest) {
        return guest.vcpu.registers().rflags & FLAGS;
    }

    @Test
    void aShadowVmcsIsReadAndWrittenWithoutExit() {
        SmallGuest guest =
                shadowing(REGION, with(Instruction.VMWRITE, GUEST_RSP, 0x1234), with(Instruction.VMREAD, GUEST_RSP, 0));
        assertEquals(RunOutcome.PROGRAM_END, guest.run());
        assertEquals(0x1234, guest.vcpu.registers().rax);
        assertEquals(0, flags(guest));
        assertEquals(0, guest.field(VmcsField.GUEST_RSP), "the guest's own VMCS is another");
    }

    @Test
    void aFieldWhoseBitIsSetExits() {
        SmallGuest guest =
                shadowing(REGION, with(Instruction.VMWRITE, GUEST_RSP, 0x1234), with(Instruction.VMREAD, GUEST_RSP, 0));
        guest.memory.write(READ_BITMAP + (GUEST_RSP >>> 6) * 8L, 1L << (GUEST_RSP & 63));
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(ExitReason.VMREAD.number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(1, guest.vcpu.operations());
    }

    @Test
    void withoutLinkOrFieldItFailsInTheGuest() {
        SmallGuest unlinked = shadowing(-1, with(Instruction.VMREAD, GUEST_RSP, 0));
        assertEquals(RunOutcome.PROGRAM_END, unlinked.run());
        assertEquals(Registers.RFLAGS_CF, flags(unlinked));
        SmallGuest unknown = shadowing(REGION, with(Instruction.VMREAD, 0x7FFE, 0));
        assertEquals(RunOutcome.PROGRAM_END, unknown.run());
        assertEquals(Registers.RFLAGS_ZF, flags(unknown));
    }

    /** A native kernel with VMX allowed. */
    private static SmallGuest natively(long[]... program) {
        SmallGuest guest = new SmallGuest(join(program));
        guest.memory.write(REGION, VmxCapability.REVISION_ID);
        guest.memory.write(VMXON_REGION, VmxCapability.REVISION_ID);
        guest.vcpu.registers().cr4 |= Registers.CR4_VMXE;
        guest.vcpu.msrs().write(FEATURE_CONTROL, 5);
        guest.core.transitions().startBare();
        return guest;
    }

    private static void ends(SmallGuest guest, long expectedFlags) {
        assertEquals(RunOutcome.PROGRAM_END, guest.core.run(Long.MAX_VALUE));
        assertEquals(expectedFlags, flags(guest));
    }

    private static final long[] ON = with(Instruction.VMXON, 0, VMXON_REGION);
    private static final long[] LOAD = with(Instruction.VMPTRLD, 0, REGION);
    private static final long[] ERROR = with(Instruction.VMREAD, VmcsField.VM_INSTRUCTION_ERROR.encoding(), 0);

    @Test
    void aNativeKernelEntersVmxOperationAndUsesAVmcs() {
        SmallGuest guest = natively(
                ON, LOAD, with(Instruction.VMWRITE, GUEST_RSP, 0x1234), with(Instruction.VMREAD, GUEST_RSP, 0));
        ends(guest, 0);
        assertEquals(0x1234, guest.vcpu.registers().rax);
    }

    @Test
    void itsMistakesHaveTheirFlagsAndErrorNumbers() {
        ends(natively(with(Instruction.VMXON, 0, VMXON_REGION + 8)), Registers.RFLAGS_CF);
        ends(natively(with(Instruction.VMXON, 0, 0x700_0000)), Registers.RFLAGS_CF);
        ends(natively(ON, with(Instruction.VMREAD, GUEST_RSP, 0)), Registers.RFLAGS_CF);
        fails(15, ON);
        fails(1, with(Instruction.VMCALL, 0, 0));
        fails(2, with(Instruction.VMCLEAR, 0, 1));
        fails(3, with(Instruction.VMCLEAR, 0, VMXON_REGION));
        fails(11, with(Instruction.VMPTRLD, 0, 0x700_0000));
        fails(12, with(Instruction.VMREAD, 0x7FFE, 0));
        fails(28, with(Instruction.INVEPT, 9, 0));
        fails(28, with(Instruction.INVVPID, 9, 0));
        fails(5, with(Instruction.VMRESUME, 0, 0));
        fails(7, with(Instruction.VMLAUNCH, 0, 0));
    }

    private static void fails(int error, long[] instruction) {
        ends(natively(ON, LOAD, instruction), Registers.RFLAGS_ZF);
        SmallGuest guest = natively(ON, LOAD, instruction, ERROR);
        ends(guest, 0);
        assertEquals(error, guest.vcpu.registers().rax);
    }

    @Test
    void outsideVmxOperationItsInstructionsAreUndefined() {
        for (SmallGuest guest : new SmallGuest[] {natively(LOAD), natively(ON, with(Instruction.VMXOFF, 0, 0), LOAD)}) {
            assertEquals(RunOutcome.EXCEPTION, guest.core.run(Long.MAX_VALUE));
            assertEquals(6, guest.core.request().vector());
        }
    }

    @Test
    void withoutLockOrInVmxOperationFixedBitsFault() {
        SmallGuest unlocked = natively(ON);
        unlocked.vcpu.msrs().write(FEATURE_CONTROL, 4);
        SmallGuest fixed = natively(ON, with(Instruction.MOV_TO_CR4, 0, new Registers().cr4));
        for (SmallGuest guest : new SmallGuest[] {unlocked, fixed}) {
            assertEquals(RunOutcome.EXCEPTION, guest.core.run(Long.MAX_VALUE));
            assertEquals(13, guest.core.request().vector());
        }
    }

    @Test
    void anEntryThatWouldSucceedIsRefusedInWords() {
        Vmcs prepared = new Vmcs();
        LongModeVmcs.prepare(prepared);
        long[] writes = Arrays.stream(VmcsField.values())
                .filter(field -> prepared.read(field) != 0)
                .flatMapToLong(
                        field -> LongStream.of(with(Instruction.VMWRITE, field.encoding(), prepared.read(field))))
                .toArray();
        SmallGuest guest = natively(ON, LOAD, writes, with(Instruction.VMLAUNCH, 0, 0));
        String message = assertThrows(IllegalStateException.class, () -> guest.core.run(Long.MAX_VALUE))
                .getMessage();
        assertTrue(message.startsWith("guest: a native kernel's own VMLAUNCH passes all checks"), message);
    }
}

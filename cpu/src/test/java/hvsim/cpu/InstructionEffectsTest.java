package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InvpcidOperand;
import hvsim.cpu.instruction.InvvpidOperand;
import hvsim.cpu.instruction.SelectorOperand;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What instructions that execute in a guest leave behind (SDM vol. 3, 25.3 and 4.10.4.1). */
class InstructionEffectsTest {
    private static final long TABLE = 0x400_0000;

    private static SmallGuest ran(Consumer<Vmcs> controls, long... program) {
        SmallGuest guest = new SmallGuest(program);
        controls.accept(guest.vcpu.vmcs());
        assertEquals(RunOutcome.PROGRAM_END, guest.run());
        return guest;
    }

    private static long at0(Instruction instruction, int operand) {
        return GuestOp.instruction(instruction, 0, operand);
    }

    private static long valued(Instruction instruction, int cpl, int operand) {
        return GuestOp.instructionWithValue(instruction, cpl, operand);
    }

    private static Registers registers(SmallGuest guest) {
        return guest.vcpu.registers();
    }

    @Test
    void movToCr0KeepsBitsOfTheHost() {
        long before = new Registers().cr0;
        long written = before | Registers.CR0_TS | Registers.CR0_MP;
        SmallGuest guest = ran(
                v -> {
                    v.write(VmcsField.CR0_GUEST_HOST_MASK, Registers.CR0_TS);
                    v.write(VmcsField.CR0_READ_SHADOW, Registers.CR0_TS);
                },
                valued(Instruction.MOV_TO_CR0, 0, 0),
                written,
                at0(Instruction.SMSW, 0));
        assertEquals(before | Registers.CR0_MP, registers(guest).cr0);
        assertEquals(written & 0xFFFF, registers(guest).rax, "SMSW reads the shadow");
    }

    @Test
    void lmswSetsProtectionAndDoesNotClearIt() {
        long before = new Registers().cr0;
        SmallGuest guest = ran(v -> {}, valued(Instruction.LMSW, 0, 8), 0);
        assertEquals(before | Registers.CR0_TS, registers(guest).cr0);
        assertEquals(before, registers(ran(v -> {}, at0(Instruction.LMSW, 8), at0(Instruction.CLTS, 0))).cr0);
    }

    @Test
    void cr4ChangesDropWhatTheyMust() {
        long cr4 = new Registers().cr4 | Registers.CR4_VMXE;
        assertEquals(2, missesAround(valued(Instruction.MOV_TO_CR4, 0, 0), cr4 & ~Registers.CR4_PGE), "PGE");
        assertEquals(1, missesAround(valued(Instruction.MOV_TO_CR4, 0, 0), cr4), "nothing changed");
        assertEquals(1, missesAround(valued(Instruction.MOV_TO_CR4, 0, 0), cr4 | Registers.CR4_UMIP), "UMIP");
        assertEquals(2, missesAround(valued(Instruction.MOV_TO_CR4, 0, 0), cr4 | Registers.CR4_SMEP), "SMEP 0 to 1");
    }

    @Test
    void invpcidDropsByType() {
        for (int type = 0; type <= 3; type++) {
            int operand = new InvpcidOperand(type, 0, false).pack();
            assertEquals(2, missesAround(valued(Instruction.INVPCID, 0, operand), SmallGuest.GVA), "type " + type);
        }
        int otherPage = new InvpcidOperand(0, 0, false).pack();
        assertEquals(1, missesAround(valued(Instruction.INVPCID, 0, otherPage), SmallGuest.GVA + 0x10_0000));
    }

    private static long missesAround(long word, long value) {
        long read = GuestOp.memory(GuestOp.READ, SmallGuest.GVA, 8);
        return ran(
                        v -> {
                            v.set(VmxControl.ENABLE_INVPCID, true);
                            v.write(VmcsField.CR4_GUEST_HOST_MASK, 0);
                        },
                        read,
                        word,
                        value,
                        read)
                .core
                .counts()
                .tlb()
                .dataMisses();
    }

    @Test
    void popfChangesIfAndIoplByPrivilege() {
        long image = Registers.RFLAGS_IF | Registers.RFLAGS_IOPL | Registers.RFLAGS_CF;
        assertEquals(image | 2, registers(ran(v -> {}, valued(Instruction.POPFQ, 0, 0), image)).rflags);
        assertEquals(3, registers(ran(v -> {}, valued(Instruction.POPFQ, 3, 0), image)).rflags);
        long iopl3 = Registers.RFLAGS_IOPL;
        SmallGuest atIopl = ran(
                v -> {}, valued(Instruction.POPFQ, 0, 0), iopl3, valued(Instruction.POPFQ, 3, 0), Registers.RFLAGS_IF);
        assertEquals(iopl3 | Registers.RFLAGS_IF | 2, registers(atIopl).rflags);
    }

    @Test
    void stiAndMovSsBlockForOneInstruction() {
        SmallGuest sti = ran(v -> {}, at0(Instruction.STI, 0));
        assertEquals(Interruptibility.BY_STI, registers(sti).interruptibility);
        assertTrue((registers(sti).rflags & Registers.RFLAGS_IF) != 0);
        assertEquals(0, registers(ran(v -> {}, at0(Instruction.STI, 0), at0(Instruction.STI, 0))).interruptibility);
        int stack = new SelectorOperand(0x18, 0, false, false, false, 2).pack();
        SmallGuest movSs = ran(v -> {}, at0(Instruction.MOV_TO_SREG, stack));
        assertEquals(Interruptibility.BY_MOV_SS, registers(movSs).interruptibility);
    }

    @Test
    void timeIsScaledAndThenOffset() {
        assertEquals(3_000_000, MsrEffects.scale(2_000_000, 3L << 47));
        assertEquals(-1L >>> 48, MsrEffects.scale(-1L, 1));
        SmallGuest guest = ran(
                v -> {
                    v.set(VmxControl.USE_TSC_OFFSETTING, true);
                    v.set(VmxControl.USE_TSC_SCALING, true);
                    v.write(VmcsField.TSC_MULTIPLIER, 2L << 48);
                    v.write(VmcsField.TSC_OFFSET, 1L << 32);
                },
                GuestOp.work(1_000),
                at0(Instruction.RDTSC, 0));
        assertEquals(1, registers(guest).rdx);
        assertEquals(0, registers(guest).rax % 2, "twice the clock");
        assertTrue(registers(guest).rax >= 2_000);
    }

    @Test
    void theTprShadowStandsForCr8() {
        SmallGuest guest = ran(
                v -> {
                    v.set(VmxControl.USE_TPR_SHADOW, true);
                    v.write(VmcsField.VIRTUAL_APIC_ADDRESS, TABLE);
                },
                valued(Instruction.MOV_TO_CR8, 0, 0),
                7,
                at0(Instruction.MOV_FROM_CR8, 0));
        assertEquals(0x70, guest.memory.read(TABLE + 0x80));
        assertEquals(7, registers(guest).rax);
        assertEquals(7, registers(guest).cr8, "a hypervisor that emulates MOV from CR8 finds it there");
        assertEquals(0, guest.core.localApic().taskPriority(), "the processor's own");
    }

    @Test
    void aTprBelowItsThresholdExitsWithTheInstructionDone() {
        SmallGuest guest = new SmallGuest(valued(Instruction.MOV_TO_CR8, 0, 0), 1);
        Vmcs v = guest.vcpu.vmcs();
        v.set(VmxControl.USE_TPR_SHADOW, true);
        v.write(VmcsField.VIRTUAL_APIC_ADDRESS, TABLE);
        v.write(VmcsField.TPR_THRESHOLD, 2);
        guest.memory.write(TABLE + 0x80, 0x20);
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(ExitReason.TPR_BELOW_THRESHOLD.number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(0x10, guest.memory.read(TABLE + 0x80));
        assertEquals(1, guest.vcpu.operations());
    }

    @Test
    void vmfuncTakesAnotherEptPointerAndEnteringAnotherExits() {
        Consumer<Vmcs> enabled = v -> {
            v.set(VmxControl.ENABLE_VM_FUNCTIONS, true);
            v.set(VmxControl.EPTP_SWITCHING, true);
            v.write(VmcsField.EPTP_LIST_ADDRESS, TABLE);
        };
        SmallGuest guest = new SmallGuest(valued(Instruction.VMFUNC, 3, 0), 1, valued(Instruction.VMFUNC, 3, 0), 2);
        enabled.accept(guest.vcpu.vmcs());
        long other = guest.field(VmcsField.EPT_POINTER) + 0x1000;
        guest.memory.write(TABLE + 8, other);
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(ExitReason.VMFUNC.number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(other, guest.field(VmcsField.EPT_POINTER));
    }

    @Test
    void swapgsExchangesTheBases() {
        SmallGuest guest = ran(
                v -> v.set(VmxControl.USE_MSR_BITMAPS, true),
                valued(Instruction.WRMSR, 0, MsrEffects.KERNEL_GS_BASE),
                0x1234,
                at0(Instruction.SWAPGS, 0),
                at0(Instruction.RDMSR, MsrEffects.GS_BASE));
        assertEquals(0x1234, registers(guest).rax);
    }

    @Test
    void aLoopOfPausesExitsAfterItsWindow() {
        long[] spin = new long[200];
        Arrays.fill(spin, at0(Instruction.PAUSE, 0));
        SmallGuest guest = new SmallGuest(spin);
        Vmcs v = guest.vcpu.vmcs();
        v.set(VmxControl.PAUSE_LOOP_EXITING, true);
        v.write(VmcsField.PLE_GAP, 10);
        v.write(VmcsField.PLE_WINDOW, 100);
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(ExitReason.PAUSE_INSTRUCTION.number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(101, guest.vcpu.operations(), "the first PAUSE more than 100 cycles after the loop's first");
    }

    @Test
    void pausesWithGapsAreNoLoop() {
        PauseLoop loop = new PauseLoop();
        Vmcs v = new Vmcs();
        v.write(VmcsField.PLE_GAP, 10);
        v.write(VmcsField.PLE_WINDOW, 20);
        for (long now = 0; now < 1000; now += 11) {
            assertFalse(loop.isTooLong(now, 0, v));
        }
    }

    @Test
    void aSlowPauseMakesNoGap() {
        PauseLoop loop = new PauseLoop();
        Vmcs v = new Vmcs();
        v.write(VmcsField.PLE_GAP, 128);
        v.write(VmcsField.PLE_WINDOW, 4096);
        boolean exits = false;
        for (long now = 0; now < 6000; now += 145) {
            exits |= loop.isTooLong(now, 140, v);
        }
        assertTrue(exits, "a PAUSE of 140 cycles in a loop of 145");
    }

    @Test
    void emulationInjectsWhatABareProcessorWouldHaveRaised() {
        SmallGuest guest = new SmallGuest(at0(Instruction.VMLAUNCH, 0));
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        guest.core.emulate();
        assertEquals(1L << 31 | 3 << 8 | 6, guest.field(VmcsField.ENTRY_INTERRUPTION_INFO));
        assertEquals(0, guest.vcpu.operations());
    }

    @Test
    void inRootInvvpidChecksItsOperand() {
        SmallGuest guest = new SmallGuest(GuestOp.memory(GuestOp.READ, SmallGuest.GVA, 8));
        Program host = guest.core.transitions().hostProgram().clear();
        host.add(valued(Instruction.INVVPID, 0, new InvvpidOperand(1, 0, false).pack()), 0);
        host.add(at0(Instruction.VMRESUME, 0));
        assertEquals(RunOutcome.PROGRAM_END, guest.core.run(Long.MAX_VALUE));
        assertEquals(28, guest.field(VmcsField.VM_INSTRUCTION_ERROR));
    }
}

package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.apic.InterruptMessage;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each exit reason by its control, operand and privilege; what the VMCS then says (SDM vol. 3, 25.1, 27.2). */
class VmExitTest {
    /** Of the qualification of an EPT violation: the address is linear, translated, user-mode, and writable. */
    private static final long WRITABLE_USER_PAGE = 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10;

    private static final long BITMAP = 0x400_0000;

    private static SmallGuest guest(Consumer<Vmcs> controls, long... program) {
        SmallGuest guest = new SmallGuest(program);
        controls.accept(guest.vcpu.vmcs());
        return guest;
    }

    private static void exits(SmallGuest guest, ExitReason reason, long qualification) {
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(reason.number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(qualification, guest.field(VmcsField.EXIT_QUALIFICATION));
    }

    private static void doesNotExit(SmallGuest guest) {
        assertEquals(RunOutcome.PROGRAM_END, guest.run());
    }

    private static long at0(Instruction instruction) {
        return GuestOp.instruction(instruction, 0, 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Instruction.class,
            names = {"CPUID", "VMCALL"})
    void someAlwaysExitAtEveryPrivilege(Instruction instruction) {
        for (int cpl = 0; cpl <= 3; cpl++) {
            SmallGuest guest = guest(v -> {}, GuestOp.instruction(instruction, cpl, 0));
            exits(guest, ExitReason.valueOf(instruction.name()), 0);
            assertEquals(instruction.lengthBytes(), guest.field(VmcsField.EXIT_INSTRUCTION_LENGTH));
            assertEquals(0, guest.vcpu.operations(), "the guest's RIP stays at the instruction");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HLT, HLT_EXITING, HLT",
        "RDTSC, RDTSC_EXITING, RDTSC",
        "PAUSE, PAUSE_EXITING, PAUSE_INSTRUCTION",
        "MOV_FROM_CR3, CR3_STORE_EXITING, CR_ACCESS",
        "IN, UNCONDITIONAL_IO_EXITING, IO_INSTRUCTION",
        "OUT, UNCONDITIONAL_IO_EXITING, IO_INSTRUCTION",
    })
    void othersExitExactlyIfTheirControlSaysSo(Instruction instruction, VmxControl control, ExitReason reason) {
        SmallGuest with = guest(v -> v.set(control, true), at0(instruction));
        assertEquals(RunOutcome.VM_EXIT, with.run());
        assertEquals(reason.number(), with.field(VmcsField.EXIT_REASON));
        doesNotExit(guest(v -> {}, at0(instruction)));
    }

    @Test
    void invlpgExitsWithItsAddress() {
        long[] program = {GuestOp.instructionWithValue(Instruction.INVLPG, 0, 0), SmallGuest.GVA};
        exits(guest(v -> v.set(VmxControl.INVLPG_EXITING, true), program), ExitReason.INVLPG, SmallGuest.GVA);
        doesNotExit(guest(v -> {}, program));
    }

    @Test
    void privilegeFaultsComeBeforeExits() {
        Set<Instruction> privileged = EnumSet.of(
                Instruction.HLT, Instruction.RDMSR, Instruction.WRMSR, Instruction.IN, Instruction.MOV_TO_CR3);
        for (Instruction instruction : privileged) {
            SmallGuest guest = guest(
                    v -> {
                        v.set(VmxControl.HLT_EXITING, true);
                        v.set(VmxControl.UNCONDITIONAL_IO_EXITING, true);
                        v.set(VmxControl.CR3_LOAD_EXITING, true);
                    },
                    GuestOp.instruction(instruction, 3, 0));
            assertEquals(RunOutcome.EXCEPTION, guest.run(), instruction.mnemonic());
            assertEquals(
                    ExceptionVector.GENERAL_PROTECTION.number(),
                    guest.core.request().vector());
        }
    }

    @Test
    void portsExitByTheirBitOfTheBitmaps() {
        SmallGuest guest = guest(
                v -> {
                    v.set(VmxControl.USE_IO_BITMAPS, true);
                    v.write(VmcsField.IO_BITMAP_A, BITMAP);
                    v.write(VmcsField.IO_BITMAP_B, BITMAP + 0x1000);
                },
                GuestOp.instruction(Instruction.OUT, 0, 0x70),
                GuestOp.instruction(Instruction.IN, 0, 0x71),
                GuestOp.instruction(Instruction.OUT, 0, 0x8003));
        guest.memory.write(BITMAP + 8, 1L << 0x71 - 64);
        guest.memory.write(BITMAP + 0x1000, 1L << 3);
        exits(guest, ExitReason.IO_INSTRUCTION, 0x71L << 16 | 1 << 3);
        guest.core.emulate();
        exits(guest, ExitReason.IO_INSTRUCTION, 0x8003L << 16);
    }

    @ParameterizedTest
    @CsvSource({"RDMSR, 0x10, 0", "WRMSR, 0x10, 0x800", "RDMSR, 0xC0000100, 0x400", "WRMSR, 0xC0000100, 0xC00"})
    void msrsExitByTheirBitOfTheBitmaps(Instruction instruction, String number, String page) {
        int msr = (int) Long.decode(number).longValue();
        long[] program = {GuestOp.instructionWithValue(instruction, 0, msr), 5};
        Consumer<Vmcs> bitmaps = v -> {
            v.set(VmxControl.USE_MSR_BITMAPS, true);
            v.write(VmcsField.MSR_BITMAP, BITMAP);
        };
        doesNotExit(guest(bitmaps, program));
        SmallGuest guest = guest(bitmaps, program);
        int bit = msr & 0x1FFF;
        guest.memory.write(BITMAP + Long.decode(page) + (bit >>> 6 << 3), 1L << (bit & 63));
        exits(guest, instruction == Instruction.RDMSR ? ExitReason.MSR_READ : ExitReason.MSR_WRITE, 0);
        exits(
                guest(v -> {}, program),
                instruction == Instruction.RDMSR ? ExitReason.MSR_READ : ExitReason.MSR_WRITE,
                0);
    }

    @Test
    void cr3LoadsExitUnlessTheValueIsATarget() {
        long[] program = {GuestOp.instructionWithValue(Instruction.MOV_TO_CR3, 0, 0), 0x5000};
        exits(guest(v -> v.set(VmxControl.CR3_LOAD_EXITING, true), program), ExitReason.CR_ACCESS, 3);
        doesNotExit(guest(
                v -> {
                    v.set(VmxControl.CR3_LOAD_EXITING, true);
                    v.write(VmcsField.CR3_TARGET_COUNT, 2);
                    v.write(VmcsField.CR3_TARGET_VALUE1, 0x5000);
                },
                program));
    }

    @Test
    void cr0WritesExitIfAMaskedBitDiffersFromTheShadow() {
        long[] program = {GuestOp.instructionWithValue(Instruction.MOV_TO_CR0, 0, 0), new Registers().cr0};
        exits(guest(v -> v.write(VmcsField.CR0_GUEST_HOST_MASK, Registers.CR0_PG), program), ExitReason.CR_ACCESS, 0);
        doesNotExit(guest(
                v -> {
                    v.write(VmcsField.CR0_GUEST_HOST_MASK, Registers.CR0_PG);
                    v.write(VmcsField.CR0_READ_SHADOW, Registers.CR0_PG);
                },
                program));
    }

    @Test
    void anEptViolationTellsAddressesAndAccess() {
        SmallGuest read = guest(v -> {}, GuestOp.memory(GuestOp.READ, SmallGuest.UNBACKED_GVA + 0x10, 8));
        exits(read, ExitReason.EPT_VIOLATION, 1 | WRITABLE_USER_PAGE);
        assertEquals(SmallGuest.UNBACKED_GPA + 0x10, read.field(VmcsField.GUEST_PHYSICAL_ADDRESS));
        assertEquals(SmallGuest.UNBACKED_GVA + 0x10, read.field(VmcsField.GUEST_LINEAR_ADDRESS));
        SmallGuest write = guest(v -> {}, GuestOp.memory(GuestOp.WRITE, SmallGuest.READ_ONLY_HOST_GVA, 8));
        exits(write, ExitReason.EPT_VIOLATION, 1 << 1 | 1 << 3 | WRITABLE_USER_PAGE);
    }

    @Test
    void aMalformedEntryIsAMisconfiguration() {
        SmallGuest guest = guest(v -> {}, GuestOp.memory(GuestOp.READ, SmallGuest.MISCONFIGURED_GVA, 8));
        exits(guest, ExitReason.EPT_MISCONFIG, 0);
        assertEquals(0xA000, guest.field(VmcsField.GUEST_PHYSICAL_ADDRESS));
    }

    @Test
    void aPageFaultGoesToTheGuestUnlessTheBitmapSaysExit() {
        long[] program = {GuestOp.memory(GuestOp.WRITE, SmallGuest.UNMAPPED_GVA, 8)};
        SmallGuest guest = guest(v -> {}, program);
        assertEquals(RunOutcome.EXCEPTION, guest.run());
        assertEquals(SmallGuest.UNMAPPED_GVA, guest.vcpu.registers().cr2);
        SmallGuest exiting = guest(v -> v.write(VmcsField.EXCEPTION_BITMAP, 1 << 14), program);
        exits(exiting, ExitReason.EXCEPTION_NMI, SmallGuest.UNMAPPED_GVA);
        assertEquals(1L << 31 | 1 << 11 | 3 << 8 | 14, exiting.field(VmcsField.EXIT_INTERRUPTION_INFO));
        assertEquals(6, exiting.field(VmcsField.EXIT_INTERRUPTION_ERROR_CODE), "a write by user code, not present");
        assertEquals(0, exiting.vcpu.registers().cr2, "CR2 is not written when the fault exits");
    }

    @Test
    void pageFaultsAreSelectedByTheirErrorCode() {
        long[] program = {GuestOp.memory(GuestOp.WRITE, SmallGuest.UNMAPPED_GVA, 8)};
        Consumer<Vmcs> onlyPresent = v -> {
            v.write(VmcsField.EXCEPTION_BITMAP, 1 << 14);
            v.write(VmcsField.PAGE_FAULT_ERROR_CODE_MASK, 1);
            v.write(VmcsField.PAGE_FAULT_ERROR_CODE_MATCH, 1);
        };
        assertEquals(RunOutcome.EXCEPTION, guest(onlyPresent, program).run());
    }

    @Test
    void thePreemptionTimerExitsWhenItHasCountedDown() {
        SmallGuest guest = guest(
                v -> {
                    v.set(VmxControl.ACTIVATE_PREEMPTION_TIMER, true);
                    v.write(VmcsField.PREEMPTION_TIMER_VALUE, 100);
                },
                GuestOp.work(100 << Transitions.PREEMPTION_TIMER_SHIFT),
                at0(Instruction.CPUID));
        exits(guest, ExitReason.PREEMPTION_TIMER, 0);
        SmallGuest zero = guest(v -> v.set(VmxControl.ACTIVATE_PREEMPTION_TIMER, true), at0(Instruction.CPUID));
        exits(zero, ExitReason.PREEMPTION_TIMER, 0);
    }

    @Test
    void anExternalInterruptExitsWithItsVectorIfAcknowledged() {
        SmallGuest guest = guest(
                v -> {
                    v.set(VmxControl.EXTERNAL_INTERRUPT_EXITING, true);
                    v.set(VmxControl.ACKNOWLEDGE_INTERRUPT_ON_EXIT, true);
                },
                GuestOp.work(10_000),
                at0(Instruction.CPUID));
        guest.core.events().messageAt(5_000, InterruptMessage.fixed(0xEC));
        exits(guest, ExitReason.EXTERNAL_INTERRUPT, 0);
        assertEquals(1L << 31 | 0xEC, guest.field(VmcsField.EXIT_INTERRUPTION_INFO));
    }

    @Test
    void aRoundTripCostsBothTransitionsAndIsCounted() {
        SmallGuest guest = guest(v -> {}, at0(Instruction.CPUID), at0(Instruction.CPUID));
        exits(guest, ExitReason.CPUID, 0);
        guest.core.emulate();
        exits(guest, ExitReason.CPUID, 0);
        assertEquals(1, guest.vcpu.exits().samples(ExitReason.CPUID));
        assertEquals(350 + 1 + 360, guest.vcpu.exits().cycles(ExitReason.CPUID), "exit, VMRESUME, entry");
        assertTrue(guest.core.transitions().entriesAndExitsAgree());
    }

    @Test
    void withoutVpidATransitionEmptiesTheTlbAndWithVpidItDoesNot() {
        for (boolean vpid : new boolean[] {true, false}) {
            SmallGuest guest = guest(
                    v -> v.set(VmxControl.ENABLE_VPID, vpid),
                    GuestOp.memory(GuestOp.READ, SmallGuest.GVA, 8),
                    at0(Instruction.CPUID),
                    GuestOp.memory(GuestOp.READ, SmallGuest.GVA, 8));
            exits(guest, ExitReason.CPUID, 0);
            guest.core.emulate();
            doesNotExit(guest);
            assertEquals(vpid ? 1 : 2, guest.core.counts().tlb().dataMisses(), "misses with VPID " + vpid);
        }
    }

    @Test
    void theSavedRipIsTheLastFetchAndNotAnOperandThatLooksLikeOne() {
        SmallGuest guest = guest(
                v -> {},
                GuestOp.memory(GuestOp.FETCH, SmallGuest.GVA + 0x20, 4),
                GuestOp.wide(GuestOp.READ, 32),
                SmallGuest.GVA + 0x800,
                at0(Instruction.CPUID));
        exits(guest, ExitReason.CPUID, 0);
        assertEquals(SmallGuest.GVA + 0x20, guest.field(VmcsField.GUEST_RIP));
    }
}

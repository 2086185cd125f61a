package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The registers of PAE paging: what loads them, and what does not (SDM vol. 3, 4.4.1, 26.3.2.4 and 27.3.4). */
class PdpteLoadTest {
    private static final long READ = GuestOp.memory(GuestOp.READ, SmallGuest.GVA, 8);
    private static final long CPUID = GuestOp.instruction(Instruction.CPUID, 0, 0);

    /** Of the table of the SmallGuest's page directories: guest-physical, and in the machine. */
    private static final long TABLE = 0x5020;

    private static final long TABLE_HPA = 0x200_5020;
    private static final long DIRECTORY = 0x2001;
    private static final long OTHER = 0x9_9001;
    private static final long RESERVED = 0x7;
    private static final long CR4 = new Registers().cr4 | Registers.CR4_VMXE;
    private static final long CR0 = new Registers().cr0;

    private static long[] move(Instruction instruction, long value) {
        return new long[] {GuestOp.instructionWithValue(instruction, 0, 0), value, READ, CPUID};
    }

    private static SmallGuest guest(long... program) {
        SmallGuest guest = new SmallGuest(program);
        Vmcs vmcs = guest.vcpu.vmcs();
        vmcs.set(VmxControl.IA32E_MODE_GUEST, false);
        vmcs.write(VmcsField.GUEST_CS_ACCESS_RIGHTS, 0xC09B);
        vmcs.write(VmcsField.GUEST_PDPTE0, DIRECTORY);
        vmcs.write(VmcsField.GUEST_CR3, TABLE);
        vmcs.write(VmcsField.CR4_GUEST_HOST_MASK, 0);
        vmcs.write(VmcsField.EXCEPTION_BITMAP, 1 << 13);
        guest.vcpu.registers().codeIs64Bit = false;
        fill(guest, DIRECTORY, OTHER);
        return guest;
    }

    private static void fill(SmallGuest guest, long first, long second) {
        guest.memory.write(TABLE_HPA, first);
        guest.memory.write(TABLE_HPA + 8, second);
    }

    private static void exits(SmallGuest guest, ExitReason reason, long qualification) {
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(reason.number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(qualification, guest.field(VmcsField.EXIT_QUALIFICATION));
    }

    private static void hasPdptes(SmallGuest guest, long first, long second) {
        assertArrayEquals(new long[] {first, second, 0, 0}, guest.vcpu.registers().pdptes);
        assertEquals(first, guest.field(VmcsField.GUEST_PDPTE0));
        assertEquals(second, guest.field(VmcsField.GUEST_PDPTE1));
    }

    @Test
    void anEntryLoadsThemFromTheVmcsWhateverMemoryHas() {
        SmallGuest guest = guest(READ, CPUID);
        fill(guest, 0, 0);
        exits(guest, ExitReason.CPUID, 0);
        hasPdptes(guest, DIRECTORY, 0);
    }

    @Test
    void withoutEptAnEntryLoadsThemFromMemory() {
        SmallGuest guest = guest(CPUID);
        guest.vcpu.vmcs().set(VmxControl.ENABLE_EPT, false);
        guest.vcpu.vmcs().write(VmcsField.GUEST_CR3, TABLE_HPA);
        guest.vcpu.vmcs().write(VmcsField.GUEST_PDPTE0, 0);
        exits(guest, ExitReason.CPUID, 0);
        assertArrayEquals(new long[] {DIRECTORY, OTHER, 0, 0}, guest.vcpu.registers().pdptes);
        assertEquals(0, guest.field(VmcsField.GUEST_PDPTE0), "nor are they saved");
    }

    @ParameterizedTest
    @CsvSource({
        "MOV_TO_CR3, 0, true",
        "MOV_TO_CR0, 0, false",
        "MOV_TO_CR0, 0x40000000, true",
        "MOV_TO_CR0, 0x40000, false",
        "MOV_TO_CR4, 0, false",
        "MOV_TO_CR4, 0x10, true",
        "MOV_TO_CR4, 0x80, true",
        "MOV_TO_CR4, 0x100000, true",
        "MOV_TO_CR4, 0x800, false"
    })
    void movesThatChangeHowPaePagingWorksLoadThem(Instruction move, long changed, boolean loads) {
        long value = switch (move) {
            case MOV_TO_CR0 -> CR0 ^ changed;
            case MOV_TO_CR4 -> CR4 ^ changed;
            default -> TABLE;
        };
        SmallGuest guest = guest(move(move, value));
        exits(guest, ExitReason.CPUID, 0);
        hasPdptes(guest, DIRECTORY, loads ? OTHER : 0);
    }

    @ParameterizedTest
    @CsvSource({"MOV_TO_CR3, 0x7000", "MOV_TO_CR4, 0x2030"})
    void anEntryWithAReservedBitIsAProtectionFaultAndNothingElseHappens(Instruction move, long value) {
        SmallGuest guest = guest(move(move, value));
        fill(guest, DIRECTORY, RESERVED);
        guest.memory.write(TABLE_HPA - 0x20 + 0x2000, RESERVED);
        exits(guest, ExitReason.EXCEPTION_NMI, 0);
        assertEquals(1L << 31 | 1 << 11 | 3 << 8 | 13, guest.field(VmcsField.EXIT_INTERRUPTION_INFO));
        assertEquals(0, guest.field(VmcsField.EXIT_INTERRUPTION_ERROR_CODE));
        assertEquals(TABLE, guest.field(VmcsField.GUEST_CR3));
        assertEquals(CR4, guest.field(VmcsField.GUEST_CR4));
        hasPdptes(guest, DIRECTORY, 0);
    }

    @Test
    void aViolationOnTheWayExitsWithoutLinearAddress() {
        SmallGuest guest = guest(move(Instruction.MOV_TO_CR3, SmallGuest.UNBACKED_GPA));
        exits(guest, ExitReason.EPT_VIOLATION, 1);
        assertEquals(SmallGuest.UNBACKED_GPA, guest.field(VmcsField.GUEST_PHYSICAL_ADDRESS));
        assertEquals(TABLE, guest.field(VmcsField.GUEST_CR3));
        hasPdptes(guest, DIRECTORY, 0);
        assertEquals(0, guest.vcpu.operations());
    }

    @Test
    void aHypervisorThatEmulatesTheMoveReadsThemOutOfTheGuestsMemory() {
        SmallGuest guest = guest(move(Instruction.MOV_TO_CR3, TABLE));
        guest.vcpu.vmcs().set(VmxControl.CR3_LOAD_EXITING, true);
        exits(guest, ExitReason.CR_ACCESS, 3);
        guest.core.emulate();
        hasPdptes(guest, DIRECTORY, OTHER);
        exits(guest, ExitReason.CPUID, 0);
        hasPdptes(guest, DIRECTORY, OTHER);
    }

    @Test
    void aHypervisorThatEmulatesTheMoveInjectsItsFault() {
        SmallGuest guest = guest(move(Instruction.MOV_TO_CR3, TABLE));
        fill(guest, DIRECTORY, RESERVED);
        guest.vcpu.vmcs().set(VmxControl.CR3_LOAD_EXITING, true);
        exits(guest, ExitReason.CR_ACCESS, 3);
        guest.core.emulate();
        assertEquals(1L << 31 | 1 << 11 | 3 << 8 | 13, guest.field(VmcsField.ENTRY_INTERRUPTION_INFO));
        hasPdptes(guest, DIRECTORY, 0);
    }

    @Test
    void aNativeKernelLoadsThemFromTheMachinesMemory() {
        SmallGuest guest = new SmallGuest(GuestOp.instructionWithValue(Instruction.MOV_TO_CR3, 0, 0), TABLE_HPA);
        fill(guest, DIRECTORY, OTHER);
        Registers r = guest.vcpu.registers();
        r.efer = 0;
        r.codeIs64Bit = false;
        guest.core.transitions().startBare();
        assertEquals(RunOutcome.PROGRAM_END, guest.core.run(Long.MAX_VALUE));
        assertArrayEquals(new long[] {DIRECTORY, OTHER, 0, 0}, r.pdptes);
        assertEquals(TABLE_HPA, r.cr3);
    }
}

package hvsim.cpu;

import static hvsim.cpu.ExitCase.event;
import static hvsim.cpu.ExitCase.instruction;
import static hvsim.cpu.ExitCase.reference;
import static hvsim.cpu.ExitCase.with;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.apic.ApicRegister;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.SelectorOperand;
import hvsim.cpu.state.ActivityState;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.EptPointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each basic exit reason by a guest that runs into it; all others are in the table of docs/exits.md. */
class EveryExitReasonTest {
    private static final Set<ExitReason> ENTRY_FAILURES =
            EnumSet.of(ExitReason.INVALID_STATE, ExitReason.MSR_LOAD_FAIL, ExitReason.MCE_DURING_VMENTRY);
    private static final long VALID = 1L << 31;
    private static final long PAGE = 0x500_0000;
    private static final long APIC_PAGE = 0x200_8000; // behind SmallGuest.GVA
    private static final int X2APIC_EOI = 0x80B;

    private static Stream<ExitCase> events() {
        return Stream.of(
                event(
                        ExitReason.EXCEPTION_NMI,
                        with(VmxControl.NMI_EXITING)
                                .andThen(g -> g.core.events().raiseNmi()),
                        0,
                        VALID | 2 << 8 | 2),
                event(
                        ExitReason.EXTERNAL_INTERRUPT,
                        with(VmxControl.EXTERNAL_INTERRUPT_EXITING, VmxControl.ACKNOWLEDGE_INTERRUPT_ON_EXIT)
                                .andThen(g -> g.core.events().raiseInterrupt(0x31)),
                        0,
                        VALID | 0x31),
                event(ExitReason.INIT_SIGNAL, g -> g.core.events().raiseInit(), 0, 0),
                event(ExitReason.SIPI_SIGNAL, EveryExitReasonTest::startUp, 0x9A, 0),
                event(
                        ExitReason.INTERRUPT_WINDOW,
                        with(VmxControl.INTERRUPT_WINDOW_EXITING)
                                .andThen(with(VmcsField.GUEST_RFLAGS, Registers.RFLAGS_IF | 2)),
                        0,
                        0),
                event(
                        ExitReason.NMI_WINDOW,
                        with(VmxControl.NMI_EXITING, VmxControl.VIRTUAL_NMIS, VmxControl.NMI_WINDOW_EXITING),
                        0,
                        0),
                event(ExitReason.MONITOR_TRAP_FLAG, with(VmxControl.MONITOR_TRAP_FLAG), 0, 0),
                event(ExitReason.PREEMPTION_TIMER, with(VmxControl.ACTIVATE_PREEMPTION_TIMER), 0, 0),
                event(ExitReason.TRIPLE_FAULT, EveryExitReasonTest::injectWithoutTable, 0, 0),
                event(ExitReason.TPR_BELOW_THRESHOLD, EveryExitReasonTest::lowPriority, 0, 0),
                event(ExitReason.INVALID_STATE, with(VmcsField.GUEST_RFLAGS, 0), 0, 0),
                event(ExitReason.MSR_LOAD_FAIL, EveryExitReasonTest::listWithFsBase, 1, 0),
                event(ExitReason.MCE_DURING_VMENTRY, listOf(513), 0, 0));
    }

    private static void startUp(SmallGuest guest) {
        guest.vcpu.vmcs().write(VmcsField.GUEST_ACTIVITY_STATE, ActivityState.WAIT_FOR_SIPI.number());
        guest.vcpu.registers().activity = ActivityState.WAIT_FOR_SIPI;
        guest.core.events().raiseSipi(0x9A);
    }

    /** A table too short for any vector: #GP in place of the NMI, then a double fault, and no way out. */
    private static void injectWithoutTable(SmallGuest guest) {
        guest.vcpu.vmcs().write(VmcsField.GUEST_IDTR_LIMIT, 15);
        guest.vcpu.vmcs().write(VmcsField.ENTRY_INTERRUPTION_INFO, VALID | 2 << 8 | 2);
    }

    /** An entry loads FS.base from its own field, and from no list. */
    private static void listWithFsBase(SmallGuest guest) {
        listOf(1).accept(guest);
        guest.memory.write(PAGE, 0xC000_0100L);
    }

    /** More than IA32_VMX_MISC recommends may be a machine check. */
    private static Consumer<SmallGuest> listOf(int msrs) {
        return with(VmcsField.ENTRY_MSR_LOAD_ADDRESS, PAGE).andThen(with(VmcsField.ENTRY_MSR_LOAD_COUNT, msrs));
    }

    private static void lowPriority(SmallGuest guest) {
        with(VmxControl.USE_TPR_SHADOW, VmxControl.VIRTUALIZE_APIC_ACCESSES).accept(guest);
        guest.vcpu.vmcs().write(VmcsField.VIRTUAL_APIC_ADDRESS, PAGE);
        guest.vcpu.vmcs().write(VmcsField.APIC_ACCESS_ADDRESS, APIC_PAGE);
        guest.vcpu.vmcs().write(VmcsField.TPR_THRESHOLD, 5);
    }

    private static Stream<ExitCase> memory() {
        long readOfUnbacked = GuestOp.memory(GuestOp.READ, SmallGuest.UNBACKED_GVA, 8);
        long misconfigured = GuestOp.memory(GuestOp.READ, SmallGuest.MISCONFIGURED_GVA, 8);
        long apicRead = GuestOp.memory(GuestOp.READ, SmallGuest.GVA + 0x390, 4);
        long apicWrite = GuestOp.memory(GuestOp.WRITE, SmallGuest.GVA + 0xF0, 4);
        return Stream.of(
                reference(ExitReason.EPT_VIOLATION, readOfUnbacked, g -> {}, 1 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10),
                reference(ExitReason.EPT_MISCONFIG, misconfigured, g -> {}, 0),
                reference(ExitReason.APIC_ACCESS, apicRead, virtualApic(), 0x390),
                reference(ExitReason.APIC_WRITE, apicWrite, virtualApic(), 0xF0),
                reference(
                        ExitReason.SPP_EVENT,
                        GuestOp.memory(GuestOp.WRITE, SmallGuest.SUB_PAGE_GVA, 8),
                        with(VmxControl.SUB_PAGE_WRITE_PERMISSIONS)
                                .andThen(with(VmcsField.SUB_PAGE_PERMISSION_TABLE_POINTER, PAGE)),
                        1 << 11),
                reference(
                        ExitReason.PML_FULL,
                        GuestOp.memory(GuestOp.WRITE, SmallGuest.GVA, 8),
                        EveryExitReasonTest::logIsFull,
                        0));
    }

    private static Consumer<SmallGuest> virtualApic() {
        return with(
                        VmxControl.USE_TPR_SHADOW,
                        VmxControl.VIRTUALIZE_APIC_ACCESSES,
                        VmxControl.APIC_REGISTER_VIRTUALIZATION)
                .andThen(with(VmcsField.VIRTUAL_APIC_ADDRESS, PAGE))
                .andThen(with(VmcsField.APIC_ACCESS_ADDRESS, APIC_PAGE));
    }

    private static void logIsFull(SmallGuest guest) {
        with(VmxControl.ENABLE_PML).accept(guest);
        guest.vcpu.vmcs().write(VmcsField.EPT_POINTER, EptPointer.pack(SmallGuest.EPT_ROOT, 4, true));
        guest.vcpu.vmcs().write(VmcsField.PML_ADDRESS, PAGE);
        guest.vcpu.vmcs().write(VmcsField.PML_INDEX, 0xFFFF);
    }

    /** Instructions that always exit, or by one control, each for its reason. */
    private static Stream<ExitCase> simpleInstructions() {
        return Stream.of(
                instruction(ExitReason.CPUID, Instruction.CPUID),
                instruction(ExitReason.GETSEC, Instruction.GETSEC, 0, 0, 0, cr4(Registers.CR4_SMXE)),
                instruction(ExitReason.HLT, Instruction.HLT, VmxControl.HLT_EXITING),
                instruction(ExitReason.INVD, Instruction.INVD),
                instruction(ExitReason.INVLPG, Instruction.INVLPG, 0, 0x1234, 0x1234, with(VmxControl.INVLPG_EXITING)),
                instruction(ExitReason.RDPMC, Instruction.RDPMC, VmxControl.RDPMC_EXITING),
                instruction(ExitReason.RDTSC, Instruction.RDTSC, VmxControl.RDTSC_EXITING),
                instruction(ExitReason.VMCALL, Instruction.VMCALL),
                instruction(ExitReason.VMCLEAR, Instruction.VMCLEAR),
                instruction(ExitReason.VMLAUNCH, Instruction.VMLAUNCH),
                instruction(ExitReason.VMPTRLD, Instruction.VMPTRLD),
                instruction(ExitReason.VMPTRST, Instruction.VMPTRST),
                instruction(ExitReason.VMREAD, Instruction.VMREAD),
                instruction(ExitReason.VMRESUME, Instruction.VMRESUME),
                instruction(ExitReason.VMWRITE, Instruction.VMWRITE),
                instruction(ExitReason.VMOFF, Instruction.VMXOFF),
                instruction(ExitReason.VMON, Instruction.VMXON, 0, 0, 0, cr4(Registers.CR4_VMXE)),
                instruction(
                        ExitReason.CR_ACCESS, Instruction.MOV_FROM_CR3, 0, 0, 0x13, with(VmxControl.CR3_STORE_EXITING)),
                instruction(ExitReason.DR_ACCESS, Instruction.MOV_FROM_DR, 7, 0, 0x17, with(VmxControl.MOV_DR_EXITING)),
                instruction(
                        ExitReason.IO_INSTRUCTION,
                        Instruction.OUT,
                        0x70,
                        0,
                        0x70L << 16,
                        with(VmxControl.UNCONDITIONAL_IO_EXITING)),
                instruction(ExitReason.MSR_READ, Instruction.RDMSR),
                instruction(ExitReason.MSR_WRITE, Instruction.WRMSR),
                instruction(ExitReason.MWAIT_INSTRUCTION, Instruction.MWAIT, VmxControl.MWAIT_EXITING),
                instruction(ExitReason.MONITOR_INSTRUCTION, Instruction.MONITOR, VmxControl.MONITOR_EXITING),
                instruction(ExitReason.PAUSE_INSTRUCTION, Instruction.PAUSE, VmxControl.PAUSE_EXITING),
                instruction(ExitReason.GDTR_IDTR, Instruction.SGDT, VmxControl.DESCRIPTOR_TABLE_EXITING),
                instruction(ExitReason.LDTR_TR, Instruction.STR, VmxControl.DESCRIPTOR_TABLE_EXITING),
                instruction(ExitReason.INVEPT, Instruction.INVEPT),
                instruction(ExitReason.RDTSCP, Instruction.RDTSCP, VmxControl.RDTSC_EXITING, VmxControl.ENABLE_RDTSCP),
                instruction(ExitReason.INVVPID, Instruction.INVVPID),
                instruction(ExitReason.WBINVD, Instruction.WBINVD, VmxControl.WBINVD_EXITING));
    }

    private static Stream<ExitCase> moreInstructions() {
        return Stream.of(
                instruction(ExitReason.XSETBV, Instruction.XSETBV, 0, 0, 0, cr4(Registers.CR4_OSXSAVE)),
                instruction(ExitReason.RDRAND, Instruction.RDRAND, VmxControl.RDRAND_EXITING),
                instruction(
                        ExitReason.INVPCID, Instruction.INVPCID, VmxControl.INVLPG_EXITING, VmxControl.ENABLE_INVPCID),
                instruction(ExitReason.VMFUNC, Instruction.VMFUNC, VmxControl.ENABLE_VM_FUNCTIONS),
                instruction(ExitReason.RDSEED, Instruction.RDSEED, VmxControl.RDSEED_EXITING),
                states(ExitReason.XSAVES, Instruction.XSAVES),
                states(ExitReason.XRSTORS, Instruction.XRSTORS),
                instruction(
                        ExitReason.UMWAIT,
                        Instruction.UMWAIT,
                        VmxControl.ENABLE_USER_WAIT_AND_PAUSE,
                        VmxControl.RDTSC_EXITING),
                instruction(
                        ExitReason.TPAUSE,
                        Instruction.TPAUSE,
                        VmxControl.ENABLE_USER_WAIT_AND_PAUSE,
                        VmxControl.RDTSC_EXITING));
    }

    private static Consumer<SmallGuest> cr4(long bits) {
        return guest -> {
            long cr4 = guest.vcpu.vmcs().read(VmcsField.GUEST_CR4) | bits;
            guest.vcpu.vmcs().write(VmcsField.GUEST_CR4, cr4);
        };
    }

    private static ExitCase states(ExitReason reason, Instruction instruction) {
        Consumer<SmallGuest> setUp = with(VmxControl.ENABLE_XSAVES_XRSTORS)
                .andThen(with(VmcsField.XSS_EXITING_BITMAP, 1 << 8))
                .andThen(cr4(Registers.CR4_OSXSAVE))
                .andThen(guest -> guest.vcpu.msrs().write(0xDA0, 1 << 8));
        return instruction(reason, instruction, 0, 1 << 8, 0, setUp);
    }

    /** Neither fault-like by a control alone, nor asynchronous. */
    private static Stream<ExitCase> others() {
        int task = new SelectorOperand(0x28, 0, false, false, true, 0).pack();
        long[] eoi = {GuestOp.instructionWithValue(Instruction.WRMSR, 0, X2APIC_EOI), 0};
        return Stream.of(
                instruction(
                        ExitReason.TASK_SWITCH,
                        Instruction.JMP_FAR,
                        task,
                        0,
                        2L << 30 | 0x28,
                        EveryExitReasonTest::inLegacyMode),
                new ExitCase(ExitReason.EOI_INDUCED, eoi, EveryExitReasonTest::interruptInService, 0x61, 0, 0));
    }

    private static void inLegacyMode(SmallGuest guest) {
        guest.vcpu.registers().efer = 0;
        guest.vcpu.registers().codeIs64Bit = false;
        guest.vcpu.vmcs().set(VmxControl.IA32E_MODE_GUEST, false);
        guest.vcpu.vmcs().write(VmcsField.GUEST_EFER, 0);
    }

    private static void interruptInService(SmallGuest guest) {
        with(
                        VmxControl.USE_TPR_SHADOW,
                        VmxControl.EXTERNAL_INTERRUPT_EXITING,
                        VmxControl.VIRTUALIZE_X2APIC_MODE,
                        VmxControl.VIRTUAL_INTERRUPT_DELIVERY,
                        VmxControl.USE_MSR_BITMAPS)
                .accept(guest);
        guest.vcpu.vmcs().write(VmcsField.MSR_BITMAP, PAGE + 0x1000);
        guest.vcpu.vmcs().write(VmcsField.VIRTUAL_APIC_ADDRESS, PAGE);
        guest.vcpu.vmcs().write(VmcsField.GUEST_INTERRUPT_STATUS, 0x6100);
        guest.vcpu.vmcs().write(VmcsField.EOI_EXIT_BITMAP1, 1L << 0x61 - 64);
        guest.memory.write(PAGE + ApicRegister.IN_SERVICE.offset() + 0x30, 1 << 1);
    }

    static Stream<ExitCase> cases() {
        return Stream.of(events(), memory(), simpleInstructions(), moreInstructions(), others())
                .flatMap(s -> s);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aGuestRunsIntoIt(ExitCase exit) {
        SmallGuest guest = exit.guest();
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        long entryFailure = ENTRY_FAILURES.contains(exit.reason()) ? VALID : 0;
        assertEquals(entryFailure | exit.reason().number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(exit.qualification(), guest.field(VmcsField.EXIT_QUALIFICATION), "qualification");
        assertEquals(
                exit.interruptionInfo(), guest.field(VmcsField.EXIT_INTERRUPTION_INFO), "interruption information");
        assertEquals(0, guest.field(VmcsField.IDT_VECTORING_INFO), "no event was under way");
        if (exit.lengthBytes() != 0) {
            assertEquals(exit.lengthBytes(), guest.field(VmcsField.EXIT_INSTRUCTION_LENGTH), "instruction length");
        }
    }

    @Test
    void whatNoGuestRunsIntoIsInTheTableWithTheReasonWhy() throws IOException {
        Map<ExitReason, String> why = new EnumMap<>(ExitReason.class);
        for (String line : Files.readAllLines(Path.of("..", "docs", "exits.md"))) {
            String[] cells = line.split(" *\\| *", -1);
            if (cells.length == 5 && cells[1].matches("\\d+")) {
                ExitReason reason = ExitReason.valueOf(cells[2]);
                assertEquals(Integer.parseInt(cells[1]), reason.number());
                why.put(reason, cells[3]);
            }
        }
        List<ExitReason> made = cases().map(ExitCase::reason).toList();
        for (ExitReason reason : ExitReason.values()) {
            assertEquals(
                    why.containsKey(reason) ? 0 : 1,
                    made.stream().filter(reason::equals).count(),
                    reason.name());
        }
    }
}

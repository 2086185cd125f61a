package hvsim.cpu.instruction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The order of faults and exits, and what each rule looks at (SDM vol. 3, 25.1). */
class InstructionRulesTest {
    private static final long BITMAP = 0x10_0000;

    private static void is(String expected, Decision decision) {
        assertEquals(expected, Setting.shortOf(decision), decision.rule().text());
    }

    @ParameterizedTest
    @EnumSource(Instruction.class)
    void everyDecisionNamesItsRule(Instruction instruction) {
        for (int cpl = 0; cpl <= 3; cpl++) {
            for (Decision d : new Decision[] {
                new Setting().bare(instruction, cpl, 0, 0),
                new Setting().root(instruction, cpl),
                new Setting().guest(instruction, cpl, 0, 0)
            }) {
                assertNotNull(d.rule().text());
                assertNotNull(d.rule().section());
            }
        }
    }

    /** Columns: at CPL 0 and CPL 3 natively, at CPL 0 and CPL 3 in a guest with the control. */
    @ParameterizedTest
    @CsvSource({
        "CPUID,,executes,executes,exits CPUID 0,exits CPUID 0",
        "HLT,HLT_EXITING,executes,#GP(0),exits HLT 0,#GP(0)",
        "INVD,,executes,#GP(0),exits INVD 0,#GP(0)",
        "WBNOINVD,WBINVD_EXITING,executes,#GP(0),exits WBINVD 0,#GP(0)",
        "RDTSC,RDTSC_EXITING,executes,executes,exits RDTSC 0,exits RDTSC 0",
        "RDPMC,RDPMC_EXITING,executes,#GP(0),exits RDPMC 0,#GP(0)",
        "RDRAND,RDRAND_EXITING,executes,executes,exits RDRAND 0,exits RDRAND 0",
        "MWAIT,MWAIT_EXITING,executes,#UD,exits MWAIT_INSTRUCTION 0,#UD",
        "MOV_FROM_DR,MOV_DR_EXITING,executes,#GP(0),exits DR_ACCESS 10,exits DR_ACCESS 10",
        "MOV_FROM_CR3,CR3_STORE_EXITING,executes,#GP(0),exits CR_ACCESS 13,#GP(0)",
        "MOV_TO_CR8,CR8_LOAD_EXITING,executes,#GP(0),exits CR_ACCESS 8,#GP(0)",
        "SGDT,DESCRIPTOR_TABLE_EXITING,executes,different,exits GDTR_IDTR 0,exits GDTR_IDTR 0",
        "LTR,DESCRIPTOR_TABLE_EXITING,#GP(0),#GP(0),exits LDTR_TR 0,#GP(0)",
        "SMSW,,executes,different,executes,different",
        "PUSHFQ,,executes,different,executes,different",
        "VMCALL,,#UD,#UD,exits VMCALL 0,exits VMCALL 0",
        "VMLAUNCH,,#UD,#UD,exits VMLAUNCH 0,exits VMLAUNCH 0",
        "VMREAD,,#UD,#UD,exits VMREAD 0,exits VMREAD 0",
        "VMXON,,#UD,#UD,#UD,#UD",
        "VMFUNC,,#UD,#UD,#UD,#UD",
        "RSM,,#UD,#UD,#UD,#UD",
        "GETSEC,,#UD,#UD,#UD,#UD",
        "SWAPGS,,executes,#GP(0),executes,#GP(0)",
        "RDTSCP,RDTSC_EXITING,executes,executes,#UD,#UD",
        "INVPCID,INVLPG_EXITING,executes,#GP(0),#UD,#UD",
        "TPAUSE,RDTSC_EXITING,executes,executes,#UD,#UD",
        "CLI,,executes,#GP(0),executes,#GP(0)",
        "IN,UNCONDITIONAL_IO_EXITING,executes,#GP(0),exits IO_INSTRUCTION 8,#GP(0)",
    })
    void anInstructionByPrivilegeAndMode(
            Instruction instruction, VmxControl control, String bare0, String bare3, String guest0, String guest3) {
        Setting setting = control == null ? new Setting().with() : new Setting().with(control);
        is(bare0, setting.bare(instruction, 0, 0, 0));
        is(bare3, setting.bare(instruction, 3, 0, 0));
        is(guest0, setting.guest(instruction, 0, 0, 0));
        is(guest3, setting.guest(instruction, 3, 0, 0));
    }

    @Test
    void controlRegistersExitByMaskAndShadow() {
        Setting s = new Setting();
        s.vmcs.write(VmcsField.CR0_GUEST_HOST_MASK, Registers.CR0_TS);
        is("executes", s.guest(Instruction.CLTS, 0, 0, 0));
        is("exits CR_ACCESS 0", s.guest(Instruction.MOV_TO_CR0, 0, 0, s.registers.cr0 | Registers.CR0_TS));
        is("exits CR_ACCESS 80030", s.guest(Instruction.LMSW, 0, 8, 0));
        s.vmcs.write(VmcsField.CR0_READ_SHADOW, Registers.CR0_TS);
        is("exits CR_ACCESS 20", s.guest(Instruction.CLTS, 0, 0, 0));
        is("executes", s.guest(Instruction.LMSW, 0, 8, 0));
    }

    @Test
    void bitsThatVmxFixesFaultAfterTheExitIsRuledOut() {
        Setting s = new Setting();
        long value = s.registers.cr0 & ~Registers.CR0_NE;
        is("executes", s.bare(Instruction.MOV_TO_CR0, 0, 0, value));
        is("#GP(0)", s.guest(Instruction.MOV_TO_CR0, 0, 0, value));
        s.vmcs.write(VmcsField.CR0_GUEST_HOST_MASK, Registers.CR0_NE);
        is("executes", s.guest(Instruction.MOV_TO_CR0, 0, 0, value));
    }

    @Test
    void aDeniedPortFaultsBeforeItExits() {
        Setting s = new Setting().with(VmxControl.USE_IO_BITMAPS);
        s.vmcs.write(VmcsField.IO_BITMAP_A, BITMAP);
        s.vmcs.write(VmcsField.IO_BITMAP_B, BITMAP + 0x1000);
        s.memory.write(BITMAP + 0x10, 1L << 2);
        PortOperand denied = new PortOperand(0x81, 2, true, false, false);
        PortOperand permitted = new PortOperand(0x81, 2, true, false, true);
        is("#GP(0)", s.guest(Instruction.OUT, 3, denied.pack(), 0));
        is("exits IO_INSTRUCTION 810041", s.guest(Instruction.OUT, 3, permitted.pack(), 0));
        is("executes", s.guest(Instruction.OUT, 0, PortOperand.of(0x81).pack(), 0));
        PortOperand beyond = new PortOperand(0xFFFE, 4, false, false, true);
        is("exits IO_INSTRUCTION fffe000b", s.guest(Instruction.IN, 0, beyond.pack(), 0));
        is(
                "exits IO_INSTRUCTION 82003b",
                s.guest(Instruction.INS, 0, new PortOperand(0x82, 4, false, true, true).pack(), 5));
        assertEquals(
                5,
                s.guest(Instruction.INS, 0, new PortOperand(0x82, 4, false, true, true).pack(), 5)
                        .guestLinearAddress());
    }

    @Test
    void aBadMsrExitsBeforeItFaults() {
        Setting s = new Setting().with(VmxControl.USE_MSR_BITMAPS);
        s.vmcs.write(VmcsField.MSR_BITMAP, BITMAP);
        is("exits MSR_READ 0", s.guest(Instruction.RDMSR, 0, 0x4000_0000, 0));
        is("#GP(0)", s.bare(Instruction.RDMSR, 0, 0x4000_0000, 0));
        is("executes", s.guest(Instruction.WRMSR, 0, 0x6E0, 0));
        s.memory.write(BITMAP + 0x800 + (0x6E0 >> 6 << 3), 1L << (0x6E0 & 63));
        is("exits MSR_WRITE 0", s.guest(Instruction.WRMSR, 0, 0x6E0, 0));
        is("#GP(0)", s.guest(Instruction.WRMSR, 3, 0x6E0, 0));
    }

    @Test
    void movDrExitsBeforeEverythingElse() {
        Setting s = new Setting().cr4(Registers.CR4_DE);
        is("#UD", s.guest(Instruction.MOV_TO_DR, 3, 4, 0));
        is("#GP(0)", s.guest(Instruction.MOV_TO_DR, 3, 3, 0));
        is("exits DR_ACCESS 4", s.with(VmxControl.MOV_DR_EXITING).guest(Instruction.MOV_TO_DR, 3, 4, 0));
    }

    @Test
    void vmxInstructionsExitBeforePrivilegeButNotBeforeMode() {
        Setting s = new Setting();
        is("#GP(0)", s.root(Instruction.VMRESUME, 3));
        is("exits VMRESUME 0", s.guest(Instruction.VMRESUME, 3, 0, 0));
        s.registers.codeIs64Bit = false;
        is("#UD", s.guest(Instruction.VMRESUME, 0, 0, 0));
        is("exits VMCALL 0", s.guest(Instruction.VMCALL, 3, 0, 0));
    }

    @Test
    void vmcsShadowingKeepsAFieldFromExitingAndThenPrivilegeCounts() {
        Setting s = new Setting().with(VmxControl.VMCS_SHADOWING);
        s.vmcs.write(VmcsField.VMREAD_BITMAP, BITMAP);
        s.memory.write(BITMAP + 0x800, 1);
        is("executes", s.guest(Instruction.VMREAD, 0, 0x4002, 0));
        is("#GP(0)", s.guest(Instruction.VMREAD, 3, 0x4002, 0));
        is("exits VMREAD 0", s.guest(Instruction.VMREAD, 3, 0x4000, 0));
        is("exits VMREAD 0", s.guest(Instruction.VMREAD, 0, 0x8002, 0));
    }

    @Test
    void umipComesBeforeTheExit() {
        Setting s = new Setting().with(VmxControl.DESCRIPTOR_TABLE_EXITING).cr4(Registers.CR4_UMIP);
        is("#GP(0)", s.guest(Instruction.SIDT, 3, 0, 0));
        is("exits GDTR_IDTR 0", s.guest(Instruction.SIDT, 0, 0, 0));
        assertEquals(
                1L << 28 | 1 << 22 | 3 << 15 | 2 << 7,
                s.guest(Instruction.SIDT, 0, 0, 0).instructionInformation());
    }

    @Test
    void popfIsDifferentOnlyWhereItLosesSomething() {
        Setting s = new Setting();
        long same = s.registers.rflags;
        is("executes", s.bare(Instruction.POPFQ, 3, 0, same | Registers.RFLAGS_CF));
        is("different", s.bare(Instruction.POPFQ, 3, 0, same | Registers.RFLAGS_IF));
        is("executes", s.bare(Instruction.POPFQ, 0, 0, same | Registers.RFLAGS_IF));
        s.registers.rflags |= Registers.RFLAGS_IOPL;
        is("executes", s.bare(Instruction.POPFQ, 3, 0, s.registers.rflags | Registers.RFLAGS_IF));
        is("different", s.bare(Instruction.POPFQ, 3, 0, same));
    }

    @Test
    void testsOfSegmentsAreDifferentWhereTheDplIsBelowTheCpl() {
        Setting s = new Setting();
        is("different", s.bare(Instruction.VERR, 3, SelectorOperand.of(8, 0).pack(), 0));
        is("executes", s.bare(Instruction.VERR, 3, SelectorOperand.of(8, 3).pack(), 0));
        is("executes", s.bare(Instruction.LAR, 0, SelectorOperand.of(8, 0).pack(), 0));
    }

    @Test
    void pauseExitsInALoopAtCpl0Only() {
        Setting s = new Setting().with(VmxControl.PAUSE_LOOP_EXITING);
        is("exits PAUSE_INSTRUCTION 0", s.guest(Instruction.PAUSE, 0, 1, 0));
        is("executes", s.guest(Instruction.PAUSE, 3, 1, 0));
        is("executes", s.guest(Instruction.PAUSE, 0, 0, 0));
        is("exits PAUSE_INSTRUCTION 0", s.with(VmxControl.PAUSE_EXITING).guest(Instruction.PAUSE, 3, 0, 0));
    }

    @Test
    void softwareExceptionsExitByTheirBit() {
        Setting s = new Setting();
        is("#BP", s.guest(Instruction.INT3, 3, 0, 0));
        s.vmcs.write(VmcsField.EXCEPTION_BITMAP, 1 << 3);
        is("exits EXCEPTION_NMI 0", s.guest(Instruction.INT3, 3, 0, 0));
        is("#UD", s.guest(Instruction.UD2, 3, 0, 0));
        is("different", s.guest(Instruction.INT_N, 3, new InterruptOperand(3, 3, false, 0).pack(), 0));
        is("#GP(26)", s.guest(Instruction.INT_N, 3, 3, 0));
    }

    @Test
    void taskSwitchesExitOutsideIa32eModeAndFaultInIt() {
        SelectorOperand task = new SelectorOperand(0x28, 0, false, false, true, 0);
        Setting s = new Setting();
        is("#GP(40)", s.guest(Instruction.JMP_FAR, 0, task.pack(), 0));
        s.registers.efer = 0;
        is("exits TASK_SWITCH 80000028", s.guest(Instruction.JMP_FAR, 0, task.pack(), 0));
        is("#GP(40)", s.guest(Instruction.JMP_FAR, 3, task.pack(), 0));
    }

    @Test
    void invpcidChecksItsOperandAfterTheExit() {
        int bad = new InvpcidOperand(1, 5, false).pack();
        Setting s = new Setting().with(VmxControl.ENABLE_INVPCID);
        is("#GP(0)", s.guest(Instruction.INVPCID, 0, bad, 0));
        is("#GP(0)", s.guest(Instruction.INVPCID, 0, 4, 0));
        is("#GP(0)", s.guest(Instruction.INVPCID, 0, new InvpcidOperand(2, 0, true).pack(), 0));
        is("#GP(0)", s.guest(Instruction.INVPCID, 0, 0, 1L << 50));
        is("executes", s.guest(Instruction.INVPCID, 0, new InvpcidOperand(3, 5, false).pack(), 1L << 50));
        is("executes", s.cr4(Registers.CR4_PCIDE).guest(Instruction.INVPCID, 0, bad, 0));
        is("exits INVPCID 0", s.with(VmxControl.INVLPG_EXITING).guest(Instruction.INVPCID, 0, 4, 0));
    }

    @Test
    void aTprBelowTheThresholdExitsAfterwards() {
        Setting s = new Setting().with(VmxControl.USE_TPR_SHADOW);
        s.vmcs.write(VmcsField.TPR_THRESHOLD, 5);
        is("executes", s.guest(Instruction.MOV_TO_CR8, 0, 0, 5));
        is("exits TPR_BELOW_THRESHOLD 0", s.guest(Instruction.MOV_TO_CR8, 0, 0, 4));
        is("executes", s.with(VmxControl.VIRTUAL_INTERRUPT_DELIVERY).guest(Instruction.MOV_TO_CR8, 0, 0, 4));
    }

    @Test
    void csIsLoadedByFarTransfersOnly() {
        long cs = new SelectorOperand(8, 0, false, true, false, SelectorOperand.CS).pack();
        is("#UD", new Setting().bare(Instruction.MOV_TO_SREG, 0, cs, 0));
        is("executes", new Setting().bare(Instruction.JMP_FAR, 0, cs, 0));
    }

    @Test
    void codeIsNoStack() {
        long code = new SelectorOperand(8, 0, false, true, false, SelectorOperand.SS).pack();
        is("#GP(8)", new Setting().bare(Instruction.MOV_TO_SREG, 0, code, 0));
    }

    @Test
    void theLocalDescriptorTableHasNeitherLdtsNorTsss() {
        long local = SelectorOperand.of(0x1C, 0).pack();
        is("#GP(28)", new Setting().bare(Instruction.LLDT, 0, local, 0));
        is("#GP(28)", new Setting().bare(Instruction.LTR, 0, local, 0));
    }

    @Test
    void eighteenMnemonicsAreListed() {
        long constants = Stream.of(Instruction.values())
                .filter(i -> i.sensitivity() != Sensitivity.NOT_LISTED)
                .filter(i -> !i.mnemonic().matches("(push|pop)f[dq]|mov_from_sreg"))
                .count();
        assertEquals(18, constants);
    }
}

package hvsim.cpu.instruction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.instruction.Processor.Mode;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that an instruction takes or refuses (SDM vol. 2, MOV to CR, RDPMC, XGETBV, VERR; vol. 3, 2.5, 25.3). */
class ValueRulesTest {
    private static final String TAKEN = "executes";
    private static final String REFUSED = "#GP(0)";

    private final Setting s = new Setting();

    private String movToCr0(long value) {
        return Setting.shortOf(s.bare(Instruction.MOV_TO_CR0, 0, 0, value));
    }

    private void isOff(long cr0, long cr4) {
        s.registers.cr0 &= ~cr0;
        s.registers.cr4 &= ~cr4;
    }

    @Test
    void pagingGoesOnInLongModeOnlyWithPaeAndFrom32BitCode() {
        long on = s.registers.cr0 | Registers.CR0_PG;
        isOff(Registers.CR0_PG, Registers.CR4_PAE);
        s.registers.efer = Registers.EFER_LME;
        s.registers.codeIs64Bit = false;
        assertEquals(REFUSED, movToCr0(on));
        s.registers.cr4 |= Registers.CR4_PAE;
        assertEquals(TAKEN, movToCr0(on));
        s.registers.codeIs64Bit = true;
        assertEquals(REFUSED, movToCr0(on));
        s.registers.efer = 0;
        assertEquals(TAKEN, movToCr0(on));
    }

    @Test
    void pagingDoesNotGoOffIn64BitModeOrWithPcids() {
        long off = s.registers.cr0 & ~Registers.CR0_PG;
        assertEquals(REFUSED, movToCr0(off));
        s.registers.codeIs64Bit = false;
        assertEquals(TAKEN, movToCr0(off));
        s.registers.cr4 |= Registers.CR4_PCIDE;
        assertEquals(REFUSED, movToCr0(off));
    }

    @Test
    void cr0HasNoUpperHalfAndNoWriteThroughWithoutCacheDisable() {
        assertEquals(REFUSED, movToCr0(s.registers.cr0 | 1L << 32));
        assertEquals(REFUSED, movToCr0(s.registers.cr0 | Registers.CR0_NW));
        assertEquals(TAKEN, movToCr0(s.registers.cr0 | Registers.CR0_NW | Registers.CR0_CD));
        assertEquals(REFUSED, movToCr0(s.registers.cr0 & ~Registers.CR0_PE));
    }

    @Test
    void aGuestSeesTheShadowWhereTheHostOwnsTheBitAndOthersSeeTheRegister() {
        s.registers.cr0 = 0b0011;
        s.registers.cr4 = 0b0110;
        s.vmcs.write(VmcsField.CR0_GUEST_HOST_MASK, 0b0101);
        s.vmcs.write(VmcsField.CR0_READ_SHADOW, 0b1100);
        s.vmcs.write(VmcsField.CR4_GUEST_HOST_MASK, 0b0011);
        s.vmcs.write(VmcsField.CR4_READ_SHADOW, 0b1001);
        assertEquals(0b0110, ControlRegisterValues.visibleCr0(in(Mode.NON_ROOT)));
        assertEquals(0b0101, ControlRegisterValues.visibleCr4(in(Mode.NON_ROOT)));
        assertEquals(0b0011, ControlRegisterValues.visibleCr0(in(Mode.ROOT)));
        assertEquals(0b0110, ControlRegisterValues.visibleCr4(in(Mode.ROOT)));
    }

    private Processor in(Mode mode) {
        return new Processor(mode, 0, s.registers, s.msrs, s.vmcs, s.memory);
    }

    /** SDM vol. 3, 25.1.3. */
    @Test
    void aCr3TargetIsOneOfAsManyAsTheCountSays() {
        s.with(VmxControl.CR3_LOAD_EXITING);
        s.vmcs.write(VmcsField.CR3_TARGET_VALUE0, 0x1000);
        s.vmcs.write(VmcsField.CR3_TARGET_VALUE1, 0x2000);
        s.vmcs.write(VmcsField.CR3_TARGET_VALUE2, 0x3000);
        s.vmcs.write(VmcsField.CR3_TARGET_VALUE3, 0x4000);
        for (int count = 0; count <= 4; count++) {
            s.vmcs.write(VmcsField.CR3_TARGET_COUNT, count);
            for (int target = 1; target <= 4; target++) {
                String expected = target <= count ? TAKEN : "exits CR_ACCESS 3";
                Decision decision = s.guest(Instruction.MOV_TO_CR3, 0, 0, target * 0x1000L);
                assertEquals(expected, Setting.shortOf(decision), target + " of " + count);
            }
        }
    }

    /** Eight general counters and, with bit 30, three fixed ones. */
    @ParameterizedTest
    @CsvSource({
        "0, executes",
        "7, executes",
        "8, #GP(0)",
        "0x40000000, executes",
        "0x40000002, executes",
        "0x40000003, #GP(0)",
        "0x80000000, #GP(0)",
    })
    void rdpmcReadsTheCountersThatThereAre(String counter, String expected) {
        assertEquals(expected, Setting.shortOf(s.bare(Instruction.RDPMC, 0, Long.decode(counter), 0)));
    }

    @ParameterizedTest
    @CsvSource({"0, executes", "1, executes", "2, #GP(0)"})
    void xgetbvReadsXcr0AndWhatOfItIsInUse(long register, String expected) {
        s.cr4(Registers.CR4_OSXSAVE);
        assertEquals(expected, Setting.shortOf(s.bare(Instruction.XGETBV, 0, register, 0)));
    }
}

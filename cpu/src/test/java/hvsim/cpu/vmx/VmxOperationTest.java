package hvsim.cpu.vmx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.state.Registers;
import hvsim.ept.EptVpidCapability;
import hvsim.ept.PagingCapability;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** VMX instructions and each VM-instruction error that the model can reach (SDM vol. 3, chapter 30, table 30-1). */
class VmxOperationTest {
    private static final long VMXON_REGION = 0x9000;
    private static final long ENABLED = VmxOperation.FEATURE_CONTROL_LOCK | VmxOperation.FEATURE_CONTROL_VMXON;
    private static final long TOO_WIDE = 1L << PhysicalMemory.ADDRESS_BITS;
    private static final long VPID_ENCODING = 0;
    private static final long EPT_POINTER_HIGH = 0x201B;
    private static final long LINK_POINTER = 0x2800;
    private static final long EXIT_REASON = 0x4402;

    private final PhysicalMemory memory = GoodVmcs.memory();
    private VmxOperation vmx = new VmxOperation(memory, VmxCapability.ALL);

    private static Registers allowed() {
        Registers registers = new Registers();
        registers.cr4 |= Registers.CR4_VMXE;
        return registers;
    }

    private VmxResult vmxon() {
        memory.write(VMXON_REGION, VmxCapability.REVISION_ID);
        return vmx.vmxon(VMXON_REGION, allowed(), ENABLED);
    }

    /** In root operation, with a current VMCS in which all fields are as they should be. */
    private Vmcs current() {
        vmxon();
        vmx.vmptrld(GoodVmcs.CURRENT);
        Vmcs vmcs = vmx.current().orElseThrow();
        Vmcs good = GoodVmcs.PLAIN_64_BIT.make();
        for (VmcsField field : VmcsField.values()) {
            vmcs.write(field, good.read(field));
        }
        return vmcs;
    }

    private void fails(VmxError error, VmxResult result) {
        assertEquals(VmxResult.failValid(error), result);
        assertEquals(error.number(), vmx.current().orElseThrow().read(VmcsField.VM_INSTRUCTION_ERROR));
    }

    private VmEntryOutcome launch() {
        return vmx.enter(true, true, false);
    }

    private VmEntryOutcome resume() {
        return vmx.enter(false, true, false);
    }

    @Test
    void flagsTellTheResult() {
        long all = 0x8D5 | 2 | Registers.RFLAGS_IF;
        assertEquals(0x202, VmxResult.SUCCEED.rflags(all));
        assertEquals(0x203, VmxResult.FAIL_INVALID.rflags(all));
        assertEquals(0x242, VmxResult.failValid(VmxError.INVALID_OPERAND).rflags(all));
    }

    @Test
    void vmxonNeedsFixedBitsAndFirmwaresConsent() {
        memory.write(VMXON_REGION, VmxCapability.REVISION_ID);
        assertEquals(VmxResult.GENERAL_PROTECTION, vmx.vmxon(VMXON_REGION, new Registers(), ENABLED), "CR4.VMXE");
        assertEquals(VmxResult.GENERAL_PROTECTION, vmx.vmxon(VMXON_REGION, allowed(), 0));
        Registers noNe = allowed();
        noNe.cr0 &= ~Registers.CR0_NE;
        assertEquals(VmxResult.GENERAL_PROTECTION, vmx.vmxon(VMXON_REGION, noNe, ENABLED));
        assertEquals(VmxResult.SUCCEED, vmxon());
        assertEquals(VmxOperation.NO_POINTER, vmx.vmptrst());
    }

    @ParameterizedTest
    @CsvSource({"0x9001", "0x400000000000", "0x3000", "0x4000"})
    void vmxonNeedsAnAlignedRegionOfItsRevision(String pointer) {
        assertEquals(VmxResult.FAIL_INVALID, vmx.vmxon(Long.decode(pointer), allowed(), ENABLED));
        assertEquals(VmxOperation.Mode.OUTSIDE, vmx.mode());
    }

    @Test
    void withoutCurrentVmcsFailuresAreInvalid() {
        vmxon();
        assertEquals(VmxResult.FAIL_INVALID, vmx.vmcall());
        assertEquals(VmxResult.FAIL_INVALID, vmx.vmptrld(1));
        assertEquals(VmxResult.FAIL_INVALID, vmx.vmclear(1));
        assertEquals(VmxResult.FAIL_INVALID, vmx.vmread(VPID_ENCODING).result());
        assertEquals(VmxResult.FAIL_INVALID, vmx.vmwrite(VPID_ENCODING, 1));
        assertEquals(VmxResult.FAIL_INVALID, vmx.invept(0, 0));
        assertEquals(VmxResult.FAIL_INVALID, vmxon());
        assertEquals(VmEntryOutcome.Kind.VMFAIL_INVALID, launch().kind());
    }

    @Test
    void errors1And15AreOfInstructionsOutOfPlace() {
        current();
        fails(VmxError.VMCALL_IN_ROOT, vmx.vmcall());
        fails(VmxError.VMXON_IN_ROOT, vmxon());
    }

    @Test
    void errors2And3AreVmclears() {
        current();
        fails(VmxError.VMCLEAR_INVALID_ADDRESS, vmx.vmclear(GoodVmcs.CURRENT + 8));
        fails(VmxError.VMCLEAR_INVALID_ADDRESS, vmx.vmclear(TOO_WIDE));
        fails(VmxError.VMCLEAR_VMXON_POINTER, vmx.vmclear(VMXON_REGION));
    }

    @Test
    void errors4And5AreOfTheLaunchState() {
        current();
        assertEquals(VmxError.VMRESUME_NOT_LAUNCHED, resume().error());
        assertTrue(launch().succeeds());
        assertEquals(VmxOperation.Mode.NON_ROOT, vmx.mode());
        vmx.exit();
        assertEquals(VmxError.VMLAUNCH_NOT_CLEAR, launch().error());
        assertTrue(resume().succeeds());
        vmx.exit();
        vmx.vmclear(GoodVmcs.CURRENT);
        assertEquals(VmxOperation.NO_POINTER, vmx.vmptrst());
        vmx.vmptrld(GoodVmcs.CURRENT);
        assertEquals(VmxError.VMRESUME_NOT_LAUNCHED, resume().error());
    }

    @Test
    void error6IsOfWhatWasLaunchedBeforeVmxoff() {
        current();
        launch();
        vmx.exit();
        assertEquals(VmxResult.SUCCEED, vmx.vmxoff());
        vmxon();
        vmx.vmptrld(GoodVmcs.CURRENT);
        assertEquals(VmxError.VMRESUME_AFTER_VMXOFF, resume().error());
    }

    @Test
    void errors7And8AreOfFields() {
        Vmcs vmcs = current();
        vmcs.write(VmcsField.HOST_CR0, 0);
        assertEquals(VmxError.ENTRY_INVALID_HOST_STATE, launch().error());
        assertEquals(8, vmcs.read(VmcsField.VM_INSTRUCTION_ERROR));
        vmcs.write(VmcsField.PIN_BASED_CONTROLS, 0);
        assertEquals(VmxError.ENTRY_INVALID_CONTROL, launch().error());
        assertEquals(7, vmcs.read(VmcsField.VM_INSTRUCTION_ERROR));
    }

    @Test
    void errors9To11AreVmptrlds() {
        current();
        fails(VmxError.VMPTRLD_INVALID_ADDRESS, vmx.vmptrld(GoodVmcs.CURRENT + 8));
        fails(VmxError.VMPTRLD_INVALID_ADDRESS, vmx.vmptrld(TOO_WIDE));
        fails(VmxError.VMPTRLD_VMXON_POINTER, vmx.vmptrld(VMXON_REGION));
        fails(VmxError.VMPTRLD_WRONG_REVISION, vmx.vmptrld(GoodVmcs.WRONG_REVISION));
        assertEquals(GoodVmcs.CURRENT, vmx.vmptrst());
    }

    @ParameterizedTest
    @CsvSource({"0x0003", "0x4003", "0x2040", "0x0FFE", "0x10000", "0x100000000", "-1"})
    void error12IsOfFieldsThatAreNotThere(String encoding) {
        current();
        fails(VmxError.UNSUPPORTED_FIELD, vmx.vmread(Long.decode(encoding)).result());
        fails(VmxError.UNSUPPORTED_FIELD, vmx.vmwrite(Long.decode(encoding), 0));
    }

    @Test
    void error13IsOfReadOnlyFieldsWhereTheyAre() {
        vmx = new VmxOperation(
                memory, new VmxCapability(PagingCapability.ALL, VmxMisc.ALL & ~VmxMisc.WRITES_EXIT_INFORMATION));
        current();
        fails(VmxError.VMWRITE_READ_ONLY, vmx.vmwrite(EXIT_REASON, 1));
        vmx = new VmxOperation(memory, VmxCapability.ALL);
        current();
        assertEquals(VmxResult.SUCCEED, vmx.vmwrite(EXIT_REASON, 1));
    }

    @Test
    void error26IsOfBlockingByMovSs() {
        current();
        assertEquals(VmxError.ENTRY_UNDER_MOV_SS, vmx.enter(true, true, true).error());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0x10001E, false",
        "1, 0x10001E, true",
        "1, 0x100018, true",
        "1, 0x100026, true",
        "1, 0x10001D, false",
        "1, 0x100016, false",
        "1, 0x10011E, false",
        "1, 0x40000000001E, false",
        "2, 1, true",
        "3, 0x10001E, false",
    })
    void error28IsOfInveptsOperands(long type, String eptp, boolean valid) {
        current();
        VmxResult result = vmx.invept(type, Long.decode(eptp));
        assertEquals(valid, result.succeeds());
        assertEquals(valid ? VmxError.NONE : VmxError.INVALID_OPERAND, result.error());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0x7F000000, true",
        "0, 1, 0x0100000000000000, false",
        "0, 0, 0, false",
        "0, 0x10001, 0, false",
        "1, 1, 0x0100000000000000, true",
        "1, 0, 0, false",
        "2, 0, 0, true",
        "2, 0x10000, 0, false",
        "3, 2, 0, true",
        "3, 0, 0, false",
        "4, 1, 0, false",
    })
    void error28IsOfInvvpidsOperands(long type, String low, String address, boolean valid) {
        current();
        VmxResult result = vmx.invvpid(type, Long.decode(low), Long.decode(address));
        assertEquals(valid, result.succeeds());
        assertEquals(valid ? VmxError.NONE : VmxError.INVALID_OPERAND, result.error());
    }

    @Test
    void typesThatTheCapabilityLacksAreError28() {
        PagingCapability paging = PagingCapability.ALL;
        long without = EptVpidCapability.ALL & ~EptVpidCapability.INVVPID_BUT_GLOBALS;
        VmxCapability capability = new VmxCapability(
                new PagingCapability(paging.physicalAddressBits(), paging.guestPages1G(), without), VmxMisc.ALL);
        assertEquals(false, InvalidationOperands.isValidInvvpid(3, 1, 0, capability));
        assertEquals(true, InvalidationOperands.isValidInvvpid(1, 1, 0, capability));
    }

    @Test
    void fieldsAreReadAndWrittenByEncodingAndHalf() {
        Vmcs vmcs = current();
        vmcs.write(VmcsField.EPT_POINTER, 0x1234_5678_9ABC_DEF0L);
        assertEquals(0x1234_5678, vmx.vmread(EPT_POINTER_HIGH).value());
        vmx.vmwrite(EPT_POINTER_HIGH, 0xFFFF_FFFF_0000_0001L);
        assertEquals(0x0000_0001_9ABC_DEF0L, vmcs.read(VmcsField.EPT_POINTER));
        vmx.vmwrite(VPID_ENCODING, 0x12345);
        assertEquals(0x2345, vmx.vmread(VPID_ENCODING).value());
    }

    @ParameterizedTest
    @EnumSource
    void everyImplementedFieldIsFoundByItsEncoding(VmcsField field) {
        current();
        assertEquals(
                VmxCapability.ALL.isImplemented(field),
                vmx.vmread(field.encoding()).result().succeeds());
    }

    @Test
    void aGuestReadsAndWritesTheLinkedVmcs() {
        Vmcs vmcs = current();
        vmcs.set(VmxControl.VMCS_SHADOWING, true);
        vmcs.write(VmcsField.VMCS_LINK_POINTER, GoodVmcs.SHADOW);
        assertTrue(launch().succeeds());
        assertEquals(VmxResult.SUCCEED, vmx.vmwrite(VPID_ENCODING, 7));
        assertEquals(7, vmx.vmread(VPID_ENCODING).value());
        assertEquals(1, vmcs.read(VmcsField.VPID));
        vmcs.write(VmcsField.VMCS_LINK_POINTER, VmxOperation.NO_POINTER);
        assertEquals(VmxResult.FAIL_INVALID, vmx.vmwrite(LINK_POINTER, 0));
    }

    @Test
    void aShadowVmcsCannotBeEntered() {
        vmxon();
        assertEquals(VmxResult.SUCCEED, vmx.vmptrld(GoodVmcs.SHADOW));
        assertEquals(VmxResult.FAIL_INVALID, launch().result());
    }

    @Test
    void anEntryThatFailsIsLikeAnExitAndStaysUnlaunched() {
        Vmcs vmcs = current();
        vmcs.write(VmcsField.GUEST_RFLAGS, 0);
        VmEntryOutcome outcome = launch();
        assertEquals(VmEntryOutcome.Kind.ENTRY_FAILURE, outcome.kind());
        assertEquals(VmxOperation.Mode.ROOT, vmx.mode());
        assertEquals(0x8000_0021L, vmcs.read(VmcsField.EXIT_REASON));
        assertTrue(ExitReasonField.isEntryFailure(vmcs.read(VmcsField.EXIT_REASON)));
        assertEquals(ExitReason.INVALID_STATE, ExitReasonField.reason(vmcs.read(VmcsField.EXIT_REASON)));
        assertEquals(VmxError.VMRESUME_NOT_LAUNCHED, resume().error());
    }

    @Test
    void anAbortIsWrittenIntoTheRegion() {
        current();
        vmx.abort(VmxAbort.LOADING_HOST_MSRS);
        assertEquals(4L << 32 | VmxCapability.REVISION_ID, memory.read(GoodVmcs.CURRENT));
        assertEquals(VmxOperation.Mode.ABORTED, vmx.mode());
    }

    @Test
    void savedOperationGoesOn() throws Exception {
        current();
        launch();
        vmx.exit();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        vmx.transfer(Snapshot.savingTo(new DataOutputStream(bytes)));
        vmx = new VmxOperation(memory, VmxCapability.ALL);
        vmx.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))));
        assertEquals(GoodVmcs.CURRENT, vmx.vmptrst());
        assertTrue(resume().succeeds());
    }
}

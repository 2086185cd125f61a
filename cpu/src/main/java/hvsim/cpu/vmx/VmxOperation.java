package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Snapshot;
import java.util.Optional;

/**
 * VMX operation of one logical processor: where it is in it, which VMCS is current, and what the instructions that
 * manage VMCSs do. Invalid opcodes, VM exits and privilege come before, and are not decided here.
 *
 * <pre>
 *             VMXON            VMLAUNCH, VMRESUME
 *  OUTSIDE ----------> ROOT ----------------------> NON_ROOT
 *          <----------      <----------------------
 *             VMXOFF            VM exit
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 24.1, 24.11 and chapter 30.
 */
public final class VmxOperation {
    public static final long NO_POINTER = EntryContext.NO_POINTER;

    /** IA32_FEATURE_CONTROL: locked, and VMXON allowed outside SMX operation. */
    public static final long FEATURE_CONTROL_LOCK = 1;

    public static final long FEATURE_CONTROL_VMXON = 1 << 2;

    /** Where the processor is; after a VMX abort it does nothing more. */
    public enum Mode {
        OUTSIDE,
        ROOT,
        NON_ROOT,
        ABORTED
    }

    private final PhysicalMemory memory;
    private final VmxCapability capability;
    private final VmcsRegions regions;

    private Mode mode = Mode.OUTSIDE;
    private long vmxonPointer = NO_POINTER;
    private long currentPointer = NO_POINTER;

    /** How often VMX operation was entered: what was launched before cannot be resumed after VMXOFF. */
    private int session;

    public VmxOperation(PhysicalMemory memory, VmxCapability capability) {
        this.memory = memory;
        this.capability = capability;
        this.regions = new VmcsRegions(memory);
    }

    public Mode mode() {
        return mode;
    }

    /** Address of the current VMCS; {@link #NO_POINTER} if there is none. */
    public long currentPointer() {
        return currentPointer;
    }

    /** The current VMCS, if there is one. */
    public Optional<Vmcs> current() {
        return currentPointer == NO_POINTER
                ? Optional.empty()
                : Optional.of(currentRegion().vmcs());
    }

    /** What the processor has in the region at that address, as VMREAD and VMWRITE would find it were it current. */
    public Vmcs at(long pointer) {
        return regions.at(pointer).vmcs();
    }

    private VmcsRegion currentRegion() {
        return regions.at(currentPointer);
    }

    /** VMXON at CPL 0. The region's revision identifier has bit 31 clear. */
    public VmxResult vmxon(long pointer, Registers r, long featureControl) {
        if (mode != Mode.OUTSIDE) {
            return fail(VmxError.VMXON_IN_ROOT);
        }
        long needed = FEATURE_CONTROL_LOCK | FEATURE_CONTROL_VMXON;
        if (!capability.isAllowedCr0(r.cr0, false)
                || !capability.isAllowedCr4(r.cr4)
                || (featureControl & needed) != needed) {
            return VmxResult.GENERAL_PROTECTION;
        }
        if (isBadAddress(pointer) || !regions.hasRevision(pointer) || regions.hasShadowBit(pointer)) {
            return VmxResult.FAIL_INVALID;
        }
        mode = Mode.ROOT;
        vmxonPointer = pointer;
        currentPointer = NO_POINTER;
        session++;
        return VmxResult.SUCCEED;
    }

    /** VMXOFF in root operation. */
    public VmxResult vmxoff() {
        mode = Mode.OUTSIDE;
        vmxonPointer = NO_POINTER;
        currentPointer = NO_POINTER;
        return VmxResult.SUCCEED;
    }

    public VmxResult vmclear(long pointer) {
        if (isBadAddress(pointer)) {
            return fail(VmxError.VMCLEAR_INVALID_ADDRESS);
        }
        if (pointer == vmxonPointer) {
            return fail(VmxError.VMCLEAR_VMXON_POINTER);
        }
        regions.at(pointer).launch(VmcsRegion.CLEAR);
        currentPointer = pointer == currentPointer ? NO_POINTER : currentPointer;
        return VmxResult.SUCCEED;
    }

    public VmxResult vmptrld(long pointer) {
        if (isBadAddress(pointer)) {
            return fail(VmxError.VMPTRLD_INVALID_ADDRESS);
        }
        if (pointer == vmxonPointer) {
            return fail(VmxError.VMPTRLD_VMXON_POINTER);
        }
        boolean shadow = regions.hasShadowBit(pointer);
        if (!regions.hasRevision(pointer) || shadow && !capability.isImplemented(VmxControl.VMCS_SHADOWING)) {
            return fail(VmxError.VMPTRLD_WRONG_REVISION);
        }
        regions.at(pointer).setShadow(shadow);
        currentPointer = pointer;
        return VmxResult.SUCCEED;
    }

    /** VMPTRST: what it stores. */
    public long vmptrst() {
        return currentPointer;
    }

    /** What VMREAD gives: a value if it succeeds. */
    public record Read(VmxResult result, long value) {}

    /** VMREAD, in root operation of the current VMCS, in a guest (that does not exit) of the linked one. */
    public Read vmread(long encoding) {
        return read(accessed(), encoding);
    }

    /** VMREAD in a guest of that VMCS, with VMCS shadowing: of the linked one. */
    public Read vmreadLinked(Vmcs guests, long encoding) {
        return read(linked(guests), encoding);
    }

    private Read read(Optional<Vmcs> vmcs, long encoding) {
        if (vmcs.isEmpty()) {
            return new Read(VmxResult.FAIL_INVALID, 0);
        }
        return VmcsComponent.byEncoding(encoding, capability)
                .map(component -> new Read(VmxResult.SUCCEED, component.read(vmcs.get())))
                .orElseGet(() -> new Read(fail(VmxError.UNSUPPORTED_FIELD, vmcs.get()), 0));
    }

    /** VMWRITE, of the same VMCS as {@link #vmread}. */
    public VmxResult vmwrite(long encoding, long value) {
        return write(accessed(), encoding, value);
    }

    /** VMWRITE, of the same VMCS as {@link #vmreadLinked}. */
    public VmxResult vmwriteLinked(Vmcs guests, long encoding, long value) {
        return write(linked(guests), encoding, value);
    }

    private VmxResult write(Optional<Vmcs> vmcs, long encoding, long value) {
        if (vmcs.isEmpty()) {
            return VmxResult.FAIL_INVALID;
        }
        Optional<VmcsComponent> component = VmcsComponent.byEncoding(encoding, capability);
        if (component.isEmpty()) {
            return fail(VmxError.UNSUPPORTED_FIELD, vmcs.get());
        }
        if (component.get().isReadOnly() && (capability.misc() & VmxMisc.WRITES_EXIT_INFORMATION) == 0) {
            return fail(VmxError.VMWRITE_READ_ONLY, vmcs.get());
        }
        component.get().write(vmcs.get(), value);
        return VmxResult.SUCCEED;
    }

    private Optional<Vmcs> accessed() {
        return mode == Mode.NON_ROOT ? linked(currentRegion().vmcs()) : current();
    }

    private Optional<Vmcs> linked(Vmcs guests) {
        long link = guests.read(VmcsField.VMCS_LINK_POINTER);
        return link == NO_POINTER
                ? Optional.empty()
                : Optional.of(regions.at(link).vmcs());
    }

    /** VMCALL in root operation. */
    public VmxResult vmcall() {
        return fail(VmxError.VMCALL_IN_ROOT);
    }

    /** INVEPT: whether its operands are valid; what it drops is for its caller to drop. */
    public VmxResult invept(long type, long eptp) {
        return InvalidationOperands.isValidInvept(type, eptp, capability)
                ? VmxResult.SUCCEED
                : fail(VmxError.INVALID_OPERAND);
    }

    /** INVVPID: as {@link #invept}. The descriptor's low quadword has the VPID, the high one the linear address. */
    public VmxResult invvpid(long type, long low, long address) {
        return InvalidationOperands.isValidInvvpid(type, low, address, capability)
                ? VmxResult.SUCCEED
                : fail(VmxError.INVALID_OPERAND);
    }

    /**
     * VMLAUNCH or VMRESUME in root operation.
     *
     * @param ia32eMode whether the hypervisor is in IA-32e mode
     * @param blockedByMovSs whether MOV SS, executed right before, holds events back
     */
    public VmEntryOutcome enter(boolean launch, boolean ia32eMode, boolean blockedByMovSs) {
        if (currentPointer == NO_POINTER || currentRegion().isShadow()) {
            return VmEntryOutcome.NO_VMCS;
        }
        Vmcs vmcs = currentRegion().vmcs();
        VmEntryOutcome outcome = VmEntryOutcome.vmFail(launchError(launch, blockedByMovSs));
        if (outcome.succeeds()) {
            outcome = VmEntryChecks.checkChanged(vmcs, new EntryContext(capability, memory, currentPointer, ia32eMode));
        }
        switch (outcome.kind()) {
            case SUCCEEDS -> {
                currentRegion().launch(session);
                mode = Mode.NON_ROOT;
            }
            case VMFAIL_VALID ->
                vmcs.write(VmcsField.VM_INSTRUCTION_ERROR, outcome.error().number());
            case ENTRY_FAILURE -> outcome.record(vmcs);
            case VMFAIL_INVALID -> {
                // there is no VMCS to note it in
            }
        }
        return outcome;
    }

    private VmxError launchError(boolean launch, boolean blockedByMovSs) {
        int launchedIn = currentRegion().launchedIn();
        if (blockedByMovSs) {
            return VmxError.ENTRY_UNDER_MOV_SS;
        }
        if (launch) {
            return launchedIn == VmcsRegion.CLEAR ? VmxError.NONE : VmxError.VMLAUNCH_NOT_CLEAR;
        }
        if (launchedIn == VmcsRegion.CLEAR) {
            return VmxError.VMRESUME_NOT_LAUNCHED;
        }
        return launchedIn == session ? VmxError.NONE : VmxError.VMRESUME_AFTER_VMXOFF;
    }

    /** A VM exit has come. */
    public void exit() {
        mode = Mode.ROOT;
    }

    /** A VM exit cannot be completed. */
    public void abort(VmxAbort abort) {
        regions.writeAbortIndicator(currentPointer, abort);
        mode = Mode.ABORTED;
    }

    private boolean isBadAddress(long pointer) {
        return (pointer & 0xFFF) != 0 || !capability.isPhysical(pointer);
    }

    private VmxResult fail(VmxError error) {
        return current().map(vmcs -> fail(error, vmcs)).orElse(VmxResult.FAIL_INVALID);
    }

    private static VmxResult fail(VmxError error, Vmcs vmcs) {
        vmcs.write(VmcsField.VM_INSTRUCTION_ERROR, error.number());
        return VmxResult.failValid(error);
    }

    public void transfer(Snapshot snapshot) {
        mode = Mode.values()[snapshot.transfer(mode.ordinal())];
        vmxonPointer = snapshot.transfer(vmxonPointer);
        currentPointer = snapshot.transfer(currentPointer);
        session = snapshot.transfer(session);
        regions.transfer(snapshot);
    }
}

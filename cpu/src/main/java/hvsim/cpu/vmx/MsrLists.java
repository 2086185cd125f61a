package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;
import hvsim.ept.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * Lists of MSRs in memory that VM entries and exits load, and exits store.
 *
 * <pre>
 *  127           64 63        32 31         0
 * +----------------+------------+------------+
 * |     value      |     0      | MSR number |
 * +----------------+------------+------------+
 * </pre>
 *
 * A list would drop the translations that a WRMSR of each entry drops; by 4.10.4.1 none does.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 24.7.2, 24.8.2, 26.4, 27.4 and 27.6.
 */
public final class MsrLists {
    private static final long ENTRY_BYTES = 16;

    private MsrLists() {}

    /**
     * Success, or reason 34 with the number of the first entry that cannot be loaded. What a longer list than
     * IA32_VMX_MISC recommends does is undefined; here it is the machine check that A.6 names.
     */
    static VmEntryOutcome checkEntryLoad(Vmcs vmcs, EntryContext context) {
        if (isTooLong(vmcs.read(VmcsField.ENTRY_MSR_LOAD_COUNT), context)) {
            return VmEntryOutcome.MACHINE_CHECK;
        }
        boolean paging = (vmcs.read(VmcsField.GUEST_CR0) & Registers.CR0_PG) != 0;
        long bad = firstUnloadable(
                vmcs.read(VmcsField.ENTRY_MSR_LOAD_ADDRESS),
                vmcs.read(VmcsField.ENTRY_MSR_LOAD_COUNT),
                paging,
                vmcs.has(VmxControl.IA32E_MODE_GUEST),
                context);
        return bad == 0 ? VmEntryOutcome.SUCCEEDS : VmEntryOutcome.msrLoading(bad);
    }

    /** The number, from 1, of the first entry of a list that cannot be loaded; 0 if all can. */
    private static long firstUnloadable(long list, long count, boolean paging, boolean longMode, EntryContext context) {
        for (long i = 0; i < count; i++) {
            long entry = list + ENTRY_BYTES * i;
            boolean changesMode = paging
                    && (int) context.memory().read(entry) == SwitchedMsrs.IA32_EFER
                    && longMode != ((context.memory().read(entry + 8) & Registers.EFER_LME) != 0);
            if (changesMode || !isLoadable(entry, context)) {
                return i + 1;
            }
        }
        return 0;
    }

    private static boolean isLoadable(long entry, EntryContext context) {
        long number = context.memory().read(entry);
        return number >>> 32 == 0
                && !MsrRules.isBarredFromLists((int) number)
                && MsrRules.isWritable((int) number, context.memory().read(entry + 8), context.capability());
    }

    /** A VM entry loads its list, which was checked. */
    public static void enter(Vmcs vmcs, SwitchedMsrs guest, PhysicalMemory memory) {
        load(vmcs.read(VmcsField.ENTRY_MSR_LOAD_ADDRESS), vmcs.read(VmcsField.ENTRY_MSR_LOAD_COUNT), guest, memory);
    }

    private static void load(long list, long count, SwitchedMsrs msrs, PhysicalMemory memory) {
        for (long i = 0; i < count; i++) {
            long entry = list + ENTRY_BYTES * i;
            msrs.write((int) memory.read(entry), memory.read(entry + 8));
        }
    }

    /** A VM exit stores the guest's; the VMX abort that this leads to, or null. */
    public static @Nullable VmxAbort store(Vmcs vmcs, SwitchedMsrs guest, EntryContext context) {
        PhysicalMemory memory = context.memory();
        long list = vmcs.read(VmcsField.EXIT_MSR_STORE_ADDRESS);
        long count = vmcs.read(VmcsField.EXIT_MSR_STORE_COUNT);
        if (isTooLong(count, context)) {
            return VmxAbort.MACHINE_CHECK;
        }
        for (long i = 0; i < count; i++) {
            long entry = list + ENTRY_BYTES * i;
            long number = memory.read(entry);
            if (number >>> 32 != 0 || MsrRules.isX2Apic((int) number)) {
                return VmxAbort.SAVING_GUEST_MSRS;
            }
            memory.write(entry + 8, guest.read((int) number));
        }
        return null;
    }

    /** A VM exit, or an entry that failed, loads the hypervisor's; the VMX abort that this leads to, or null. */
    public static @Nullable VmxAbort loadHost(Vmcs vmcs, SwitchedMsrs host, EntryContext context) {
        long list = vmcs.read(VmcsField.EXIT_MSR_LOAD_ADDRESS);
        long count = vmcs.read(VmcsField.EXIT_MSR_LOAD_COUNT);
        if (isTooLong(count, context)) {
            return VmxAbort.MACHINE_CHECK;
        }
        if (firstUnloadable(list, count, true, vmcs.has(VmxControl.HOST_ADDRESS_SPACE_SIZE), context) != 0) {
            return VmxAbort.LOADING_HOST_MSRS;
        }
        load(list, count, host, context.memory());
        return null;
    }

    private static boolean isTooLong(long count, EntryContext context) {
        return count > VmxMisc.longestMsrList(context.capability().misc());
    }
}

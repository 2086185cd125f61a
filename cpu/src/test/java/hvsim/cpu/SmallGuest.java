package hvsim.cpu;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.LongModeVmcs;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.EptEntry;
import hvsim.ept.EptPointer;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.WalkSpec;
import hvsim.ept.cache.CachesSpec;
import hvsim.ept.cache.SocketCaches;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.TlbSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A core in non-root mode with one guest of a few pages, and a host program that does nothing but resume. */
final class SmallGuest {
    static final long GVA = 0x40_0000;

    /** Where {@link #GVA} is in the machine. */
    static final long GVA_HPA = 0x200_8000;

    static final long UNMAPPED_GVA = 0x80_0000;
    static final long UNBACKED_GVA = 0x40_1000;
    static final long UNBACKED_GPA = 0x9000;
    static final long MISCONFIGURED_GVA = 0x40_2000;
    static final long READ_ONLY_HOST_GVA = 0x40_3000;
    static final long SUB_PAGE_GVA = 0x40_4000;

    private static final long SUB_PAGE_PERMISSIONS = 1L << 61;
    private static final PageSize SMALL = PageSize.SIZE_4K;
    static final long EPT_ROOT = 0x100_0000;
    private static final long GUEST_BASE = 0x200_0000;
    private static final long HOST_CR3 = 0x300_0000;
    private static final long ALL = EptEntry.RIGHTS;

    final PhysicalMemory memory = new PhysicalMemory(1L << 30);
    final Core core;
    final Vcpu vcpu;
    private final PageTable ept = PageTable.ofSecondStage(memory, EPT_ROOT);
    private long next = EPT_ROOT + 0x1000;

    SmallGuest(long... program) {
        this(Optional.empty(), WalkOverlap.NONE, program);
    }

    SmallGuest(Optional<CachesSpec> caches, WalkOverlap overlap, long... program) {
        core = new Core(
                new CoreSpec(
                        new TlbSpec(
                                List.of(new TlbSpec.Part(
                                        "tlb", 1, TlbSpec.Holds.ALL, Set.of(SMALL), 64, 4, SetIndex.MASK, 0)),
                                false),
                        new WalkSpec(new WalkSpec.StructureCache(2, 4, 8), new WalkSpec.StructureCache(2, 4, 8), 8),
                        new CostModel(350, 360, 900, 10, 500, Map.of()),
                        caches,
                        overlap),
                memory,
                0,
                caches.map(spec -> new SocketCaches(spec).newCore()).orElse(null));
        vcpu = new Vcpu("guest", new Words(program), 1);
        mapGuest();
        vcpu.saveRegisters();
        Vmcs vmcs = vcpu.vmcs();
        LongModeVmcs.prepare(vmcs);
        vmcs.set(VmxControl.ACTIVATE_SECONDARY_CONTROLS, true);
        vmcs.set(VmxControl.ENABLE_EPT, true);
        vmcs.set(VmxControl.ENABLE_VPID, true);
        vmcs.write(VmcsField.VPID, 1);
        vmcs.write(VmcsField.EPT_POINTER, EptPointer.pack(EPT_ROOT, 4, false));
        core.transitions().startRoot(HOST_CR3, 0);
        core.transitions().switchTo(vcpu);
    }

    private void mapGuest() {
        for (long gpa = 0; gpa < 0x9000; gpa += 0x1000) {
            mapSecondStage(gpa, EptEntry.leaf(GUEST_BASE + gpa, SMALL, ALL));
        }
        link(ept, UNBACKED_GPA);
        mapSecondStage(0xA000, EptEntry.leaf(GUEST_BASE + 0xA000, SMALL, EptEntry.WRITE));
        mapSecondStage(0xB000, EptEntry.leaf(GUEST_BASE + 0xB000, SMALL, EptEntry.READ));
        mapSecondStage(0xC000, EptEntry.leaf(GUEST_BASE + 0xC000, SMALL, EptEntry.READ | SUB_PAGE_PERMISSIONS));
        PageTable guest = PageTable.ofGuest(memory, 0, ept);
        long table = 0x1000;
        for (int level = guest.missingTable(GVA, SMALL); level != 0; level = guest.missingTable(GVA, SMALL)) {
            guest.link(GVA, level, table, true);
            table += 0x1000;
        }
        mapGuestPage(guest, GVA, 0x8000);
        mapGuestPage(guest, UNBACKED_GVA, UNBACKED_GPA);
        mapGuestPage(guest, MISCONFIGURED_GVA, 0xA000);
        mapGuestPage(guest, READ_ONLY_HOST_GVA, 0xB000);
        mapGuestPage(guest, SUB_PAGE_GVA, 0xC000);
    }

    private static void mapGuestPage(PageTable guest, long gva, long gpa) {
        long flags = GuestEntry.USER | GuestEntry.WRITE | GuestEntry.ACCESSED | GuestEntry.DIRTY;
        guest.setLeaf(gva, SMALL, GuestEntry.leaf(gpa, SMALL, flags));
    }

    private void mapSecondStage(long gpa, long entry) {
        link(ept, gpa);
        ept.setLeaf(gpa, SMALL, entry);
    }

    private void link(PageTable table, long address) {
        for (int level = table.missingTable(address, SMALL); level != 0; level = table.missingTable(address, SMALL)) {
            table.link(address, level, next, false);
            next += 0x1000;
        }
    }

    /** Enters the guest and runs it to the next outcome. */
    RunOutcome run() {
        core.transitions().hostProgram().clear().add(GuestOp.instruction(Instruction.VMRESUME, 0, 0));
        return core.run(Long.MAX_VALUE);
    }

    long field(VmcsField field) {
        return vcpu.vmcs().read(field);
    }
}

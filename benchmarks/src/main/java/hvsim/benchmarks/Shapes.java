package hvsim.benchmarks;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.CostModel;
import hvsim.cpu.OpStream;
import hvsim.cpu.instruction.Instruction;
import hvsim.ept.WalkSpec;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.TlbSpec;
import hvsim.vmm.MachineSpec;
import hvsim.vmm.VmSpec;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.kernel.KernelSpec;
import hvsim.vmm.schedule.Candidate;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** TLBs, walk caches and machines as {@code reftlb} has them, and what Skylake-SP has beyond that. */
final class Shapes {
    static final WalkSpec.StructureCache STRUCTURE_CACHE = new WalkSpec.StructureCache(2, 4, 32);

    private static final long VM_BYTES = 16L << 30;
    private static final long MACHINE_BYTES = 64L << 30;

    /** As the preset skylake-sp. */
    private static final CostModel COSTS =
            new CostModel(350, 350, 900, 25, 500, Map.of(Instruction.VMREAD, 50, Instruction.VMWRITE, 44));

    private Shapes() {}

    /** The geometry of {@code reftlb}: pages of 4 KiB only. */
    static TlbSpec plain() {
        return tlb(SetIndex.MASK, false);
    }

    /**
     * @param secondLevel set index of the second level
     * @param largePages whether there are parts for pages of 2 MiB and 1 GiB too, as Skylake-SP has them
     */
    static TlbSpec tlb(SetIndex secondLevel, boolean largePages) {
        Set<PageSize> small = Set.of(PageSize.SIZE_4K);
        List<TlbSpec.Part> parts = new ArrayList<>();
        parts.add(part("itlb", TlbSpec.Holds.FETCH, small, 128, 8));
        parts.add(part("dtlb", TlbSpec.Holds.DATA, small, 64, 4));
        if (largePages) {
            parts.add(part("itlb", TlbSpec.Holds.FETCH, Set.of(PageSize.SIZE_2M), 8, 8));
            parts.add(part("dtlb", TlbSpec.Holds.DATA, Set.of(PageSize.SIZE_2M), 32, 4));
            parts.add(part("dtlb", TlbSpec.Holds.DATA, Set.of(PageSize.SIZE_1G), 4, 4));
        }
        Set<PageSize> second = largePages ? Set.of(PageSize.SIZE_4K, PageSize.SIZE_2M) : small;
        parts.add(new TlbSpec.Part("stlb", 2, TlbSpec.Holds.ALL, second, 1536, 12, secondLevel, 9));
        return new TlbSpec(parts, false);
    }

    private static TlbSpec.Part part(String name, TlbSpec.Holds holds, Set<PageSize> pages, int entries, int ways) {
        return new TlbSpec.Part(name, 1, holds, pages, entries, ways, SetIndex.MASK, 0);
    }

    /** Structure caches of {@code reftlb -p} or none, and a nested TLB of that many entries. */
    static WalkSpec walk(boolean structureCaches, int nestedTlb) {
        WalkSpec.StructureCache cache = structureCaches ? STRUCTURE_CACHE : new WalkSpec.StructureCache(0, 0, 0);
        return new WalkSpec(cache, cache, nestedTlb);
    }

    /** One program on a bare core. */
    static MachineSpec bare(TlbSpec tlb, WalkSpec walk, OpStream program) {
        return new MachineSpec(
                VM_BYTES, new CoreSpec(tlb, walk, COSTS), Optional.empty(), List.of(vm("vm", true, program)));
    }

    /** Virtual machines with EPT and VPID, EPT A/D off; nothing exits but by the programs' doing. */
    static MachineSpec nested(TlbSpec tlb, WalkSpec walk, boolean premapped, OpStream... programs) {
        Set<HardwareSpec.Feature> features = EnumSet.of(HardwareSpec.Feature.VPID, HardwareSpec.Feature.HLT_EXITING);
        HardwareSpec hardware = new HardwareSpec(
                features, 0, 500, Map.of(), new SchedulerSpec(Policy.ROUND_ROBIN, Long.MAX_VALUE >> 1));
        List<VmSpec> vms = new ArrayList<>();
        for (OpStream program : programs) {
            vms.add(vm("vm-" + (vms.size() + 1), premapped, program));
        }
        return new MachineSpec(MACHINE_BYTES, new CoreSpec(tlb, walk, COSTS), Optional.of(hardware), vms);
    }

    private static VmSpec vm(String name, boolean premapped, OpStream program) {
        KernelSpec kernel = new KernelSpec(
                1, false, true, false, 1, KernelSpec.SyscallBy.SYSCALL, KernelSpec.Shootdowns.LINUX, 0, 0, 0);
        return new VmSpec(
                name,
                VM_BYTES,
                PageSize.SIZE_4K,
                PageSize.SIZE_4K,
                premapped,
                kernel,
                List.of(new VmSpec.VcpuSpec(program, new Candidate(List.of(), 1))),
                1);
    }
}

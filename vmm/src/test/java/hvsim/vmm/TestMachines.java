package hvsim.vmm;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.CostModel;
import hvsim.cpu.GuestOp;
import hvsim.cpu.OpStream;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.ept.GuestPage;
import hvsim.ept.WalkSpec;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.TlbSpec;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.kernel.GuestMode;
import hvsim.vmm.kernel.KernelSpec;
import hvsim.vmm.schedule.Candidate;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Small machines and programs for tests. */
final class TestMachines {
    static final TlbSpec TLB = new TlbSpec(
            List.of(
                    part("itlb", 1, TlbSpec.Holds.FETCH, Set.of(PageSize.SIZE_4K), 128, 8, 0),
                    part("dtlb", 1, TlbSpec.Holds.DATA, Set.of(PageSize.SIZE_4K), 64, 4, 0),
                    part("dtlb", 1, TlbSpec.Holds.DATA, Set.of(PageSize.SIZE_2M), 32, 4, 0),
                    part("stlb", 2, TlbSpec.Holds.ALL, Set.of(PageSize.SIZE_4K, PageSize.SIZE_2M), 1536, 12, 7)),
            false);
    static final WalkSpec WALK =
            new WalkSpec(new WalkSpec.StructureCache(2, 4, 32), new WalkSpec.StructureCache(2, 4, 32), 16);
    static final CostModel COSTS = new CostModel(350, 350, 900, 30, 500, Map.of(Instruction.VMREAD, 20));
    static final Set<HardwareSpec.Feature> FEATURES = EnumSet.of(
            HardwareSpec.Feature.VPID,
            HardwareSpec.Feature.EPT_ACCESSED_DIRTY,
            HardwareSpec.Feature.MSR_BITMAP,
            HardwareSpec.Feature.IO_BITMAP,
            HardwareSpec.Feature.PREEMPTION_TIMER,
            HardwareSpec.Feature.HLT_EXITING);

    static final Candidate ANYWHERE = new Candidate(List.of(), 1);

    private TestMachines() {}

    static TlbSpec.Part part(
            String name, int level, TlbSpec.Holds holds, Set<PageSize> pages, int entries, int ways, int hitCycles) {
        return new TlbSpec.Part(name, level, holds, pages, entries, ways, SetIndex.MASK, hitCycles);
    }

    static HardwareSpec hardware(Set<HardwareSpec.Feature> features, long sliceCycles) {
        return new HardwareSpec(
                features, 0, 500, Map.of(ExitReason.CPUID, 340), new SchedulerSpec(Policy.ROUND_ROBIN, sliceCycles));
    }

    static MachineSpec nested(Set<HardwareSpec.Feature> features, long sliceCycles, VmSpec... vms) {
        return new MachineSpec(
                64L << 30, new CoreSpec(TLB, WALK, COSTS), Optional.of(hardware(features, sliceCycles)), List.of(vms));
    }

    static MachineSpec bare(VmSpec vm) {
        return new MachineSpec(vm.memoryBytes(), new CoreSpec(TLB, WALK, COSTS), Optional.empty(), List.of(vm));
    }

    static VmSpec vm(String name, boolean demandPaging, int processes, long... words) {
        return new VmSpec(
                name,
                64L << 20,
                PageSize.SIZE_4K,
                PageSize.SIZE_4K,
                false,
                KernelSpec.of(processes, demandPaging),
                List.of(new VmSpec.VcpuSpec(new WordStream(words), ANYWHERE)),
                1);
    }

    /** With two processes, and in that mode. */
    static VmSpec vm(GuestMode mode, boolean demandPaging, long... words) {
        return new VmSpec(
                "vm",
                64L << 20,
                mode,
                GuestPage.KIB_4,
                PageSize.SIZE_4K,
                false,
                mode.isLegacy() ? KernelSpec.legacy(2, demandPaging) : KernelSpec.of(2, demandPaging),
                List.of(new VmSpec.VcpuSpec(new WordStream(words), ANYWHERE)),
                List.of(1));
    }

    /** References that wander over {@code pages} pages, with the pages mapped at their first use. */
    static long[] wander(int references, int pages, long seed) {
        long[] words = new long[2 * references];
        Set<Long> seen = new TreeSet<>();
        long state = seed;
        int n = 0;
        for (int i = 0; i < references; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            long gva = (state >>> 33) % pages * 4096 + (1L << 32);
            if (seen.add(gva)) {
                words[n++] = GuestOp.premap(gva);
            }
            words[n++] = GuestOp.memory((int) (state >>> 30 & 3), gva + (state >>> 20 & 0xFF8), 8);
        }
        return Arrays.copyOf(words, n);
    }

    /** A program from an array. */
    static final class WordStream implements OpStream {
        private final long[] words;
        private int position;

        WordStream(long... words) {
            this.words = words;
        }

        @Override
        public int fill(long[] batch) {
            int n = Math.min(batch.length - 1, words.length - position);
            int end = 0;
            while (end < n) {
                end += GuestOp.words(words[position + end]);
            }
            end = Math.min(end, words.length - position);
            System.arraycopy(words, position, batch, 0, end);
            position += end;
            return end;
        }

        @Override
        public long[] position() {
            return new long[] {position};
        }

        @Override
        public void seek(long[] to) {
            position = (int) to[0];
        }
    }
}

package hvsim.scenarios.run;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.CostModel;
import hvsim.cpu.WalkOverlap;
import hvsim.cpu.instruction.Instruction;
import hvsim.ept.WalkSpec;
import hvsim.ept.WalkSpec.StructureCache;
import hvsim.ept.cache.CacheSpec;
import hvsim.ept.cache.CachesSpec;
import hvsim.scenarios.file.CacheHolds;
import hvsim.scenarios.file.CachesConfig;
import hvsim.scenarios.file.CachesConfig.CacheConfig;
import hvsim.scenarios.file.CyclesConfig;
import hvsim.scenarios.file.Holds;
import hvsim.scenarios.file.MachineConfig;
import hvsim.scenarios.file.OperatingMode;
import hvsim.scenarios.file.PageChoice;
import hvsim.scenarios.file.Replacement;
import hvsim.scenarios.file.SetIndex;
import hvsim.scenarios.file.TlbConfig;
import hvsim.scenarios.file.WalkBy;
import hvsim.scenarios.file.WalkConfig;
import hvsim.scenarios.file.WalkConfig.WalkCacheConfig;
import hvsim.scenarios.file.WalkCost;
import hvsim.scenarios.workload.Seeds;
import hvsim.tlb.PageSize;
import hvsim.tlb.TlbSpec;
import hvsim.vmm.kernel.GuestMode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The {@code machine} of a scenario in the words of the model. */
final class CoreSpecs {
    private CoreSpecs() {}

    /** @param seed of the scenario; every array with random replacement has a stream of its own */
    static CoreSpec of(MachineConfig machine, long seed) {
        return new CoreSpec(
                tlb(machine, seed),
                walk(machine.walk()),
                costs(machine.cycles(), machine.walk().fixedCycles()),
                machine.walk().cost() == WalkCost.CACHES ? Optional.of(caches(machine)) : Optional.empty(),
                overlap(machine.walk()),
                machine.fixedInstructions(),
                machine.walk().by() == WalkBy.SOFTWARE
                        ? OptionalInt.of(machine.cycles().tlbMiss())
                        : OptionalInt.empty());
    }

    private static TlbSpec tlb(MachineConfig machine, long seed) {
        List<TlbSpec.Part> parts = new ArrayList<>();
        machine.tlb()
                .forEach((name, tlb) ->
                        parts.add(part(tlb.beside().orElse(name), tlb, Seeds.derive(seed, "machine.tlb." + name))));
        return new TlbSpec(parts, machine.fractureFlush());
    }

    private static TlbSpec.Part part(String countedAs, TlbConfig tlb, long seed) {
        return new TlbSpec.Part(
                countedAs,
                tlb.level(),
                holds(tlb.holds()),
                pages(tlb.pages()),
                tlb.entries(),
                tlb.ways(),
                index(tlb.setIndex()),
                tlb.hitCycles(),
                replacement(tlb.replacement()),
                seed);
    }

    private static TlbSpec.Holds holds(Holds holds) {
        return switch (holds) {
            case FETCH -> TlbSpec.Holds.FETCH;
            case DATA -> TlbSpec.Holds.DATA;
            case ALL -> TlbSpec.Holds.ALL;
        };
    }

    private static hvsim.tlb.SetIndex index(SetIndex index) {
        return switch (index) {
            case MASK -> hvsim.tlb.SetIndex.MASK;
            case XOR -> hvsim.tlb.SetIndex.XOR;
            case MODULO -> hvsim.tlb.SetIndex.MODULO;
        };
    }

    private static hvsim.tlb.Replacement replacement(Replacement replacement) {
        return switch (replacement) {
            case LRU -> hvsim.tlb.Replacement.LRU;
            case TREE_PLRU -> hvsim.tlb.Replacement.TREE_PLRU;
            case FIFO -> hvsim.tlb.Replacement.FIFO;
            case RANDOM -> hvsim.tlb.Replacement.RANDOM;
        };
    }

    private static Set<PageSize> pages(List<PageChoice> pages) {
        Set<PageSize> sizes = EnumSet.noneOf(PageSize.class);
        pages.forEach(page -> sizes.add(page(page)));
        return sizes;
    }

    static GuestMode mode(OperatingMode mode) {
        return switch (mode) {
            case LONG -> GuestMode.LONG;
            case PAE -> GuestMode.PAE;
            case BITS_32 -> GuestMode.BITS_32;
            case REAL -> GuestMode.REAL;
        };
    }

    static PageSize page(PageChoice page) {
        return switch (page) {
            case KIB_4 -> PageSize.SIZE_4K;
            case MIB_2 -> PageSize.SIZE_2M;
            case GIB_1 -> PageSize.SIZE_1G;
        };
    }

    private static WalkSpec walk(WalkConfig walk) {
        if (walk.by() == WalkBy.SOFTWARE) {
            return WalkSpec.UNCACHED;
        }
        return new WalkSpec(cache(walk.guestCache()), cache(walk.secondStageCache()), walk.nestedTlb());
    }

    private static CachesSpec caches(MachineConfig machine) {
        CachesConfig caches = machine.caches();
        return new CachesSpec(
                caches.holds() == CacheHolds.ALL,
                cache(caches.l1()),
                cache(caches.l2()),
                cache(caches.l3()),
                machine.cycles().memory(),
                machine.cycles().memoryRemote());
    }

    private static CacheSpec cache(CacheConfig cache) {
        return new CacheSpec(cache.size().bytes(), cache.ways(), cache.hitCycles());
    }

    /** A share that is no whole number of 65536ths is rounded up, so that round shares of round walks are exact. */
    private static WalkOverlap overlap(WalkConfig walk) {
        BigDecimal parts = walk.overlap().fraction().multiply(BigDecimal.valueOf(WalkOverlap.WHOLE));
        return new WalkOverlap(
                walk.walkers(), parts.setScale(0, RoundingMode.CEILING).intValueExact());
    }

    private static StructureCache cache(WalkCacheConfig cache) {
        return new StructureCache(cache.pml5e(), cache.pml4e(), cache.pdpte(), cache.pde());
    }

    private static CostModel costs(CyclesConfig cycles, int walkReference) {
        Map<Instruction, Integer> instructions = new EnumMap<>(Instruction.class);
        instructions.putAll(cycles.instructions());
        instructions.put(Instruction.VMREAD, cycles.vmread());
        instructions.put(Instruction.VMWRITE, cycles.vmwrite());
        instructions.put(Instruction.INVEPT, cycles.invept());
        instructions.remove(Instruction.VMPTRLD); // its time is the world switch's
        instructions.remove(Instruction.VMRESUME); // its time is that of the entry
        return new CostModel(
                cycles.vmExit(),
                cycles.vmEntry(),
                cycles.pageFault(),
                cycles.trap(),
                cycles.trapReturn(),
                walkReference,
                cycles.ipi(),
                instructions);
    }
}

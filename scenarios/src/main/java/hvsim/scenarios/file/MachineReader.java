package hvsim.scenarios.file;

import hvsim.cpu.instruction.Instruction;
import hvsim.scenarios.file.WalkConfig.WalkCacheConfig;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Reads {@code machine}. */
final class MachineReader {
    static final String DEFAULT_PRESET = "skylake-sp";
    static final int MOST_CYCLES = 1_000_000_000;
    static final int MOST_CORES = 256;

    private static final Kind<Integer> CYCLES = Kind.count(0, MOST_CYCLES);
    private static final Kind<Integer> ENTRIES = Kind.count(0, 1 << 16);
    /** Of software-filled TLBs: some ten instructions between an exception and its return, as on MIPS (assumed). */
    private static final int TLB_MISS_CYCLES = 40;

    private static final Bytes MEMORY = new Bytes(64L << 30);

    private MachineReader() {}

    static MachineConfig read(Section machine, Set<String> presetTlbs) {
        String preset = machine.value("preset", DEFAULT_PRESET, Kind.TEXT);
        Vendor vendor = machine.value("vendor", Vendor.INTEL, Kind.choice(Vendor.class));
        Set<MachineFeature> features = features(machine.section("features"));
        int cores = machine.value("cores", 1, Kind.count(1, MOST_CORES));
        int sockets = machine.value("sockets", 1, Kind.count(1, 8));
        checkSockets(machine, cores, sockets);
        Bytes memory = machine.value("memory", MEMORY, Kind.bytes(1 << 20, 1L << 52, 4096));
        Frequency clock =
                machine.required("clock", new Frequency(1_000_000_000), Kind.frequency(1_000_000, 100_000_000_000L));
        int pageLevels = machine.value("page_levels", 4, Kind.count(4, 5));
        boolean fractureFlush = machine.value("fracture_flush", false, Kind.SWITCH);
        boolean fixedInstructions = machine.value("fixed_instructions", false, Kind.SWITCH);
        Map<String, TlbConfig> tlb = TlbReader.read(machine.section("tlb"), presetTlbs);
        WalkConfig walk = walk(machine.section("walk"));
        boolean hasCaches = walk.cost() == WalkCost.CACHES;
        CachesConfig caches = CachesReader.read(machine.section("caches"), hasCaches);
        CyclesConfig cycles = cycles(machine.section("cycles"), hasCaches);
        Map<String, DeviceConfig> devices = DevicesReader.ofMachine(machine);
        machine.close();
        return new MachineConfig(
                preset,
                vendor,
                features,
                cores,
                sockets,
                memory,
                clock,
                pageLevels,
                fractureFlush,
                fixedInstructions,
                tlb,
                walk,
                caches,
                cycles,
                devices);
    }

    private static Set<MachineFeature> features(Section switches) {
        Set<MachineFeature> all = EnumSet.noneOf(MachineFeature.class);
        for (MachineFeature feature : MachineFeature.values()) {
            if (switches.value(feature.word(), feature.isCommon(), Kind.SWITCH)) {
                all.add(feature);
            }
        }
        switches.close();
        return all;
    }

    private static void checkSockets(Section machine, int cores, int sockets) {
        if (machine.isSound() && cores % sockets != 0) {
            int less = cores / sockets * sockets;
            machine.fault(
                    "sockets",
                    cores + " cores are not the same number on each of " + sockets + " sockets",
                    (less == 0 ? "" : less + " or ") + (less + sockets) + " cores would be");
        }
    }

    private static WalkConfig walk(Section walk) {
        WalkCacheConfig guest = caches(walk.section("guest_cache"));
        WalkCacheConfig secondStage = caches(walk.section("second_stage_cache"));
        int nestedTlb = walk.required("nested_tlb", 0, ENTRIES);
        WalkCost cost = walk.value("cost", WalkCost.FIXED, Kind.choice(WalkCost.class));
        int fixedCycles = cost == WalkCost.FIXED
                ? walk.required("fixed_cycles", 0, CYCLES)
                : walk.optional("fixed_cycles", CYCLES).orElse(0);
        int walkers = walk.value("walkers", 1, Kind.count(1, 64));
        Share overlap = walk.value("overlap", Share.NONE, Share::parse);
        WalkBy by = walk.value("by", WalkBy.HARDWARE, Kind.choice(WalkBy.class));
        if (by == WalkBy.SOFTWARE) {
            MachineRules.checkSoftwareWalks(walk, cost, overlap);
        }
        walk.close();
        return new WalkConfig(by, guest, secondStage, nestedTlb, cost, fixedCycles, walkers, overlap);
    }

    private static WalkCacheConfig caches(Section caches) {
        int pml5e = caches.value("pml5e", 0, ENTRIES);
        int pml4e = caches.required("pml4e", 0, ENTRIES);
        int pdpte = caches.required("pdpte", 0, ENTRIES);
        int pde = caches.required("pde", 0, ENTRIES);
        caches.close();
        return new WalkCacheConfig(pml5e, pml4e, pdpte, pde);
    }

    /** @param hasCaches whether anything asks how far memory is */
    private static CyclesConfig cycles(Section cycles, boolean hasCaches) {
        int vmExit = cycles.required("vm_exit", 0, CYCLES);
        int vmEntry = cycles.required("vm_entry", 0, CYCLES);
        int pageFault = cycles.required("page_fault", 0, CYCLES);
        int trapReturn = cycles.optional("trap_return", CYCLES).orElse(pageFault / 3);
        int tlbMiss = cycles.optional("tlb_miss", CYCLES).orElse(TLB_MISS_CYCLES);
        int trap = cycles.optional("trap", CYCLES).orElse(pageFault - pageFault / 3);
        int vmread = cycles.required("vmread", 0, CYCLES);
        int vmwrite = cycles.required("vmwrite", 0, CYCLES);
        int invept = cycles.required("invept", 0, CYCLES);
        int ipi = cycles.required("ipi", 1, Kind.count(1, MOST_CYCLES));
        int memory = hasCaches
                ? cycles.required("memory", 0, CYCLES)
                : cycles.optional("memory", CYCLES).orElse(0);
        int memoryRemote = cycles.optional("memory_remote", CYCLES).orElse(memory);
        Map<Instruction, Integer> instructions = instructions(cycles.section("instructions"));
        cycles.close();
        return new CyclesConfig(
                vmExit,
                vmEntry,
                pageFault,
                trap,
                trapReturn,
                tlbMiss,
                vmread,
                vmwrite,
                invept,
                ipi,
                memory,
                memoryRemote,
                instructions);
    }

    private static Map<Instruction, Integer> instructions(Section costs) {
        Map<Instruction, Integer> all = new EnumMap<>(Instruction.class);
        int others = costs.required("others", 0, CYCLES);
        for (Instruction instruction : Instruction.values()) {
            all.put(instruction, costs.optional(instruction.mnemonic(), CYCLES).orElse(others));
        }
        costs.close();
        return all;
    }
}

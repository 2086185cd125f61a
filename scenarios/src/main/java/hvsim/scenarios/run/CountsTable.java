package hvsim.scenarios.run;

import hvsim.cpu.CoreCounts;
import hvsim.cpu.CyclePart;
import hvsim.cpu.DirectEvent;
import hvsim.cpu.NestedCounts;
import hvsim.cpu.Tally;
import hvsim.cpu.TranslationEvent;
import hvsim.ept.WalkStats;
import hvsim.ept.cache.ServedBy;
import hvsim.scenarios.file.CacheHolds;
import hvsim.scenarios.file.CpuTechnique;
import hvsim.scenarios.file.MachineConfig;
import hvsim.scenarios.file.MemoryTechnique;
import hvsim.scenarios.file.References.Recorded;
import hvsim.scenarios.file.References.Synthetic;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.VmConfig;
import hvsim.scenarios.file.WalkCost;
import hvsim.scenarios.run.RunResult.Counts;
import hvsim.scenarios.run.RunResult.Cycles;
import hvsim.scenarios.run.RunResult.Data;
import hvsim.scenarios.run.RunResult.Direct;
import hvsim.scenarios.run.RunResult.Exits;
import hvsim.scenarios.run.RunResult.Faults;
import hvsim.scenarios.run.RunResult.GuestHypervisors;
import hvsim.scenarios.run.RunResult.Host;
import hvsim.scenarios.run.RunResult.Saved;
import hvsim.scenarios.run.RunResult.Served;
import hvsim.scenarios.run.RunResult.Translation;
import hvsim.scenarios.run.RunResult.Walks;
import java.util.Map;

/** Writes what was counted, for one virtual processor or for many, in the words of results. */
final class CountsTable {
    private static final int PAGE_FAULT = 14;

    private final MachineConfig machine;
    private final boolean bare;
    private final boolean nests;
    private final boolean withFetches;
    private final boolean translates;
    private final boolean registers;

    /** @param bare whether there was no hypervisor, and so no exits */
    CountsTable(Scenario scenario, boolean bare) {
        this.machine = scenario.machine();
        this.bare = bare;
        this.translates = !bare && scenario.hypervisor().cpu() == CpuTechnique.BINARY_TRANSLATION;
        this.registers = !bare && scenario.hypervisor().memory() == MemoryTechnique.DIRECT;
        this.nests = !bare
                && scenario.vms().values().stream()
                        .anyMatch(vm -> vm.hypervisor().isPresent());
        this.withFetches = scenario.vms().values().stream().anyMatch(CountsTable::hasFetches);
    }

    static boolean isBare(Scenario scenario, String run) {
        return run.equals(RunResults.NATIVE) || scenario.hypervisor().cpu() == CpuTechnique.NATIVE;
    }

    private static boolean hasFetches(VmConfig vm) {
        return vm.workload().allReferences().stream()
                .anyMatch(references -> references instanceof Recorded
                        || references instanceof Synthetic pattern
                                && pattern.fetches().fraction().signum() > 0);
    }

    Counts of(Tally counts) {
        return new Counts(
                counts.operations(),
                cycles(counts),
                new Host(bare ? null : (Long) counts.hostPassages()),
                bare ? Map.of() : ExitTable.of(counts.exits(), machine.vendor()),
                new TlbTable(counts, withFetches).of(machine),
                walks(counts.core()),
                data(counts.core()),
                new Faults(counts.faults(PAGE_FAULT)),
                translates ? translation(counts) : null,
                registers ? direct(counts) : null,
                nests ? guestHypervisors(counts.nested()) : null);
    }

    private GuestHypervisors guestHypervisors(NestedCounts counts) {
        Map<String, Exits> exits = ExitTable.of(counts.reflected(), machine.vendor());
        Map<String, Exits> own = ExitTable.of(counts.ofGuestHypervisor(), machine.vendor());
        return new GuestHypervisors(exits, own, Ratio.of(samples(own), samples(exits)), counts.guestHypervisorCycles());
    }

    private static long samples(Map<String, Exits> exits) {
        return exits.values().stream().mapToLong(Exits::samples).max().orElse(0); // the total is among them
    }

    private Data data(CoreCounts core) {
        boolean held = hasCaches() && machine.caches().holds() == CacheHolds.ALL;
        ServedBy data = core.caches().data();
        return new Data(
                held ? (Long) data.total() : null,
                served(data, held),
                held ? (Long) core.caches().hypervisorData().total() : null);
    }

    private boolean hasCaches() {
        return machine.walk().cost() == WalkCost.CACHES;
    }

    private static Served served(ServedBy by, boolean known) {
        return known
                ? new Served(by.l1(), by.l2(), by.l3(), by.memory(), by.memoryRemote())
                : new Served(null, null, null, null, null);
    }

    private Walks walks(CoreCounts core) {
        WalkStats walks = core.walks();
        return new Walks(
                walks.translated(),
                walks.stopped(),
                core.rewalks(),
                walks.guestReferences() + walks.secondStageReferences(),
                walks.guestReferences(),
                walks.secondStageReferences(),
                served(core.caches().walks(), hasCaches()),
                new Saved(walks.savedByGuestCache(), walks.savedByNestedTlb(), walks.savedBySecondStageCache()),
                walks.hypervisorReferences(),
                core.walkerWaitCycles());
    }

    private static Translation translation(Tally counts) {
        return new Translation(
                counts.translation(TranslationEvent.TRANSLATED),
                counts.translation(TranslationEvent.CHAINED),
                counts.translation(TranslationEvent.LOOKED_UP),
                counts.translation(TranslationEvent.IN_LINE),
                counts.translation(TranslationEvent.RETRANSLATED),
                counts.translation(TranslationEvent.EVICTED),
                counts.translation(TranslationEvent.INVALIDATED));
    }

    private static Direct direct(Tally counts) {
        return new Direct(
                counts.direct(DirectEvent.UPDATED),
                counts.direct(DirectEvent.REFUSED),
                counts.direct(DirectEvent.VALIDATED),
                counts.direct(DirectEvent.PINNED),
                counts.direct(DirectEvent.EMULATED_WRITE));
    }

    private static Cycles cycles(Tally counts) {
        return new Cycles(
                counts.cycles(CyclePart.GUEST_WORK),
                counts.cycles(CyclePart.MEMORY),
                counts.cycles(CyclePart.TLB_SECOND_LEVEL),
                counts.cycles(CyclePart.GUEST_WALK),
                counts.cycles(CyclePart.SECOND_STAGE_WALK),
                counts.cycles(CyclePart.TRANSITIONS),
                counts.cycles(CyclePart.HYPERVISOR),
                counts.cycles(CyclePart.HOST),
                counts.cycles(CyclePart.IDLE),
                counts.allCycles());
    }
}

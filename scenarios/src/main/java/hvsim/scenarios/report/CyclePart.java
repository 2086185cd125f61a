package hvsim.scenarios.report;

import hvsim.scenarios.run.RunResult.Cycles;
import java.util.List;
import java.util.function.ToLongFunction;

/** One line of the table that says where the cycles went. */
record CyclePart(String name, ToLongFunction<Cycles> value) {
    /** In the order of the record; the total last. */
    static final List<CyclePart> ALL = List.of(
            new CyclePart("guest_work", Cycles::guestWork),
            new CyclePart("memory", Cycles::memory),
            new CyclePart("tlb_second_level", Cycles::tlbSecondLevel),
            new CyclePart("guest_walk", Cycles::guestWalk),
            new CyclePart("second_stage_walk", Cycles::secondStageWalk),
            new CyclePart("transitions", Cycles::transitions),
            new CyclePart("hypervisor", Cycles::hypervisor),
            new CyclePart("host", Cycles::host),
            new CyclePart("idle", Cycles::idle),
            new CyclePart("total", Cycles::total));

    boolean isTotal() {
        return name.equals("total");
    }

    long of(Cycles cycles) {
        return value.applyAsLong(cycles);
    }
}

package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.Observations;
import hvsim.cpu.Vcpu;
import hvsim.vmm.kernel.GuestMode;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Random guests see under every technique what they see natively, and reach nothing that is not their own. What differs
 * is told with the guest's seed and the first thing that it saw otherwise.
 */
class FidelityLawTest {
    static final List<Technique> TECHNIQUES = Technique.ALL;

    /** Those that a guest of 32 bits can have. */
    static final List<Technique> LEGACY = Technique.LEGACY;

    /** Those that it can have with PAE paging. */
    static final List<Technique> PAE = Technique.PAE;

    private static final int QUICK = 12;
    private static final int LONG = 1_000;

    @ParameterizedTest
    @FieldSource("TECHNIQUES")
    void guestsSeeWhatTheySeeNatively(Technique technique) {
        check(technique, GuestMode.LONG, 0, QUICK);
    }

    @ParameterizedTest
    @FieldSource("LEGACY")
    void guestsOfThirtyTwoBitsSeeWhatTheySeeNatively(Technique technique) {
        check(technique, GuestMode.BITS_32, 0, QUICK / 2);
    }

    @ParameterizedTest
    @FieldSource("PAE")
    void guestsWithPaePagingSeeWhatTheySeeNatively(Technique technique) {
        check(technique, GuestMode.PAE, 0, QUICK / 2);
    }

    @Tag("long")
    @ParameterizedTest
    @FieldSource("TECHNIQUES")
    void thousandsOfGuestsSeeWhatTheySeeNatively(Technique technique) {
        check(technique, GuestMode.LONG, QUICK, LONG);
    }

    /** The core on which a virtual processor was preempted is the applications' while it empties that space elsewhere. */
    @Test
    void anAddressSpaceMayEndWhereItIsLeftToAHostsApplications() {
        Technique inHost = TECHNIQUES.stream()
                .filter(one -> one.toString().equals("paravirtual, in a host"))
                .findFirst()
                .orElseThrow();
        check(inHost, GuestMode.LONG, 415, 416);
    }

    private static void check(Technique technique, GuestMode mode, int first, int end) {
        for (int seed = first; seed < end; seed++) {
            String guest = technique + ", " + mode + ", seed " + seed;
            Machine natively = run(technique.bare(guest(seed, mode, technique)), guest + ", natively");
            Machine here = run(technique.virtual(guest(seed, mode, technique), 1 + seed % 3), guest);
            for (int vcpu = 0; vcpu < here.vms().get(0).vcpus().size(); vcpu++) {
                checkSame(natively.vms().get(0).vcpu(vcpu), here.vms().get(0).vcpu(vcpu), guest);
            }
            assertEquals(List.of(), here.violations(here.vms().get(0)), guest);
        }
    }

    private static VmSpec guest(int seed, GuestMode mode, Technique technique) {
        return RandomGuest.of(seed, mode, technique.kernel());
    }

    private static void checkSame(Vcpu natively, Vcpu here, String guest) {
        Observations there = natively.observations();
        int different = there.firstDifference(here.observations());
        assertEquals(
                -1,
                different,
                () -> guest + ", " + here.name() + ": natively " + shown(there, different) + ", here "
                        + shown(here.observations(), different));
        assertEquals(there.digest(), here.observations().digest(), guest);
        assertEquals(natively.operations(), here.operations(), guest);
    }

    private static String shown(Observations observations, int at) {
        return at < observations.located() ? observations.at(at).toString() : "nothing more";
    }

    private static Machine run(MachineSpec spec, String guest) {
        Machine machine = new Machine(spec);
        try {
            assertTrue(machine.run(20_000_000_000L), guest + " does not end");
            machine.checkSums();
        } catch (RuntimeException e) {
            throw new IllegalStateException(guest, e);
        }
        return machine;
    }
}

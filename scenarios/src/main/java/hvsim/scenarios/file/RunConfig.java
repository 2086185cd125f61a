package hvsim.scenarios.file;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code run}: how much is run, and from which seed.
 *
 * @param operations for each virtual processor; empty where {@link Scenario#operations} depends on the VM
 * @param time end of the run, if that comes first
 * @param warmup share of the run that is done before it and not counted
 * @param nativeRun the key {@code native}: whether each VM's program also runs alone on a bare core
 * @param interval length of the stretches of simulated time whose counts are told apart
 * @param lenient whether what is damaged in traces is left out and counted
 */
public record RunConfig(
        OptionalLong operations,
        Optional<Time> time,
        Share warmup,
        long seed,
        boolean nativeRun,
        boolean lenient,
        Optional<Time> interval) {
    public static final long DEFAULT_OPERATIONS = 5_000_000;
}

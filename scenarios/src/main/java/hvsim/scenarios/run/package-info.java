/**
 * From a checked scenario to a result.
 *
 * <pre>
 *   Scenario --MachineSpecs--> MachineSpec --Simulation--> Machine --VmTally--> Outcome --RunResults--> RunResult
 *               CoreSpecs, HardwareSpecs, Programs            each VM alone: NativeRuns
 * </pre>
 *
 * Start reading at {@link hvsim.scenarios.run.Runner}. {@link hvsim.scenarios.run.Result} is the tree that JSON shows
 * and that {@code expect} looks into; its component names in snake_case are the keys.
 */
package hvsim.scenarios.run;

package hvsim.benchmarks;

import hvsim.cpu.Vcpu;
import hvsim.vmm.Machine;
import hvsim.vmm.Vm;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * VM exits with their handlers' frames, up to the end of the entry that follows. An operation is one round trip; the
 * machine is a new one in each invocation, and the garbage collector's profiler counts that.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExitBenchmark {
    private static final int EXITS = 1 << 16;

    @Param({"CPUID", "EPT_VIOLATION", "WORLD_SWITCH"})
    public ExitCase exits;

    private Machine machine;

    /**
     * Sums over an iteration: {@code modelCycles / modelExits} is the modelled cost of a round trip, {@code cpuNanos /
     * modelExits} what simulating it takes.
     */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Modelled {
        public long modelCycles;
        public long modelExits;
        public long cpuNanos;

        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

        void run(Machine machine) {
            long before = threads.getCurrentThreadCpuTime();
            machine.run(Long.MAX_VALUE);
            cpuNanos += threads.getCurrentThreadCpuTime() - before;
        }

        void add(Vcpu vcpu, ExitCase exits) {
            modelCycles += vcpu.exits().cycles(exits.reason());
            modelExits += vcpu.exits().samples(exits.reason());
        }
    }

    @Setup(Level.Invocation)
    public void setUp() {
        machine = new Machine(exits.machine(EXITS));
    }

    @Benchmark
    @OperationsPerInvocation(EXITS)
    public long roundTrips(Modelled modelled) {
        modelled.run(machine);
        for (Vm vm : machine.vms()) {
            modelled.add(vm.vcpu(0), exits);
        }
        return machine.clock();
    }
}

package hvsim.scenarios.validation;

import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.Instruction;
import hvsim.scenarios.file.ScenarioException;
import java.util.List;

/** What is measured, most of it after x86/vmexit.c of kvm-unit-tests. */
enum Operation {
    /** A hypercall that does nothing, there and back. */
    VMCALL("`vmcall`") {
        @Override
        double measure(Bench bench) throws ScenarioException {
            return loop(bench, List.of(), TimedProgram.instruction(Instruction.VMCALL, 0));
        }
    },
    PORT("`inl` of a port") {
        @Override
        double measure(Bench bench) throws ScenarioException {
            return loop(bench, List.of(), TimedProgram.instruction(Instruction.IN, 0x1234));
        }
    },
    END_OF_INTERRUPT("end of a virtual interrupt") {
        @Override
        double measure(Bench bench) throws ScenarioException {
            return loop(bench, List.of(), TimedProgram.END_OF_INTERRUPT);
        }
    },
    /** The timer is set to go off at once. */
    TSCDEADLINE_IMMED("`tscdeadline_immed`") {
        @Override
        double measure(Bench bench) throws ScenarioException {
            List<Long> body = TimedProgram.join(List.of(
                    TimedProgram.instruction(Instruction.RDTSC, 0),
                    TimedProgram.wrmsr(ApicMsr.TSC_DEADLINE, 1),
                    TimedProgram.END_OF_INTERRUPT));
            return loop(bench, DeadlineTimer.SET_UP, body);
        }
    },
    TSCDEADLINE("`tscdeadline`") {
        @Override
        double measure(Bench bench) throws ScenarioException {
            DeadlineTimer timer = new DeadlineTimer();
            bench.run(timer);
            return timer.cycles();
        }
    },
    /** To one that waits by HLT. */
    IPI("`ipi`") {
        @Override
        double measure(Bench bench) throws ScenarioException {
            return interprocessor(bench, true);
        }
    },
    /** To one that keeps its core. */
    IPI_TO_RUNNING("`ipi`, to one that runs") {
        @Override
        double measure(Bench bench) throws ScenarioException {
            return interprocessor(bench, false);
        }
    };

    private final String text;

    Operation(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Cycles of one. */
    abstract double measure(Bench bench) throws ScenarioException;

    private static double loop(Bench bench, List<Long> before, List<Long> body) throws ScenarioException {
        Loop loop = new Loop(before, body);
        bench.run(loop);
        return loop.cycles();
    }

    private static double interprocessor(Bench bench, boolean halts) throws ScenarioException {
        Interprocessor both = new Interprocessor(halts);
        bench.run(both.programs());
        return both.cycles();
    }
}

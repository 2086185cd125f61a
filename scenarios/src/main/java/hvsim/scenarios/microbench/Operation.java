package hvsim.scenarios.microbench;

import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.Instruction;
import hvsim.scenarios.file.ScenarioException;
import hvsim.vmm.kernel.EntryWrite;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What is measured: after x86/vmexit.c of kvm-unit-tests, and the nanobenchmarks of Adams and Agesen (ASPLOS 2006). */
public enum Operation {
    CPUID("`cpuid`", "CPUID"),
    VMCALL("`vmcall`", "a hypercall that does nothing, there and back"),
    INL_FROM_PMTIMER("`inl` of the PM timer", "IN from a port that the hypervisor answers by itself"),
    INL_FROM_QEMU("`inl` of a port", "IN from a port that the VM's process answers, where there is one"),
    MOV_FROM_CR8("`mov_from_cr8`", "MOV from CR8"),
    MOV_TO_CR8("`mov_to_cr8`", "MOV to CR8, Adams and Agesen's cr8wr"),
    WR_TSC_ADJUST("`wr_tsc_adjust`", "WRMSR of IA32_TSC_ADJUST"),
    EOI("end of a virtual interrupt", "WRMSR of EOI"),
    SELF_IPI("`self_ipi`", "an interrupt to oneself, until its handler has ended it"),
    IPI("`ipi`", "a call of another virtual processor, which waits by HLT, until it has answered"),
    IPI_TO_RUNNING("`ipi`, to one that runs", "the same to one that runs"),
    TSCDEADLINE_IMMED("`tscdeadline_immed`", "a deadline that is over, until its interrupt has been handled"),
    TSCDEADLINE("`tscdeadline`", "a deadline 3,000 cycles ahead, until its interrupt has been handled"),
    PLE_ROUND_ROBIN("`ple_round_robin`", "the turn goes round between two virtual processors that wait with PAUSE"),
    SYSCALL("`syscall`", "into the kernel by SYSCALL, its path, and back"),
    FIRST_TOUCH("`first_touch`", "of a page: its fault, delivered to the kernel, which maps a zeroed page"),
    CALLRET("`callret`", "a near call in the kernel, and its return"),
    PGFAULT("`pgfault`", "a page fault of the user, delivered to the kernel, and back"),
    DIVZERO("`divzero`", "DIV by 0: its exception, delivered to the kernel, and back"),
    PTEMOD("`ptemod`", "an entry of a table is written that is so already"),
    PTEMOD_CLEAR("`ptemod_clear`", "an entry of a table is made not present"),
    PTEMOD_SET("`ptemod_set`", "an entry of a table is made present");

    private static final int PM_TIMER = 0xB008;
    private static final int UNASSIGNED = 0x1234;
    private static final int TSC_ADJUST = 0x3B;
    private static final int CALLS = 64;

    private final String text;
    private final String meaning;

    Operation(String text, String meaning) {
        this.text = text;
        this.meaning = meaning;
    }

    /** Its name on the command line and in tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Operation> named(String word) {
        return Stream.of(values()).filter(one -> one.word().equals(word)).findFirst();
    }

    /** What tables of published figures call it. */
    public String text() {
        return text;
    }

    public String meaning() {
        return meaning;
    }

    /** Cycles of one, when TLBs and caches know all that it needs; not a number if it does not end. */
    public double measure(Bench bench) throws ScenarioException {
        return switch (this) {
            case CPUID -> loop(bench, TimedProgram.instruction(Instruction.CPUID, 0));
            case VMCALL -> loop(bench, TimedProgram.instruction(Instruction.VMCALL, 0));
            case INL_FROM_PMTIMER -> loop(bench, TimedProgram.instruction(Instruction.IN, PM_TIMER));
            case INL_FROM_QEMU -> loop(bench, TimedProgram.instruction(Instruction.IN, UNASSIGNED));
            case MOV_FROM_CR8 -> loop(bench, TimedProgram.instruction(Instruction.MOV_FROM_CR8, 0));
            case MOV_TO_CR8 -> loop(bench, TimedProgram.instruction(Instruction.MOV_TO_CR8, 0));
            case WR_TSC_ADJUST -> loop(bench, TimedProgram.wrmsr(TSC_ADJUST, 0));
            case EOI -> loop(bench, TimedProgram.END_OF_INTERRUPT);
            case SELF_IPI ->
                loop(
                        bench,
                        TimedProgram.join(List.of(
                                TimedProgram.wrmsr(ApicMsr.SELF_IPI, TimedProgram.VECTOR),
                                TimedProgram.END_OF_INTERRUPT)));
            case IPI -> interprocessor(bench, true);
            case IPI_TO_RUNNING -> interprocessor(bench, false);
            case TSCDEADLINE_IMMED ->
                measured(
                        bench,
                        new Loop(
                                DeadlineTimer.SET_UP,
                                lap -> TimedProgram.join(List.of(
                                        TimedProgram.instruction(Instruction.RDTSC, 0),
                                        TimedProgram.wrmsr(ApicMsr.TSC_DEADLINE, 1),
                                        TimedProgram.END_OF_INTERRUPT))));
            case TSCDEADLINE -> measured(bench, new DeadlineTimer());
            case PLE_ROUND_ROBIN -> roundRobin(bench);
            case SYSCALL -> loop(bench, event(KernelEvent.SYSCALL, 0));
            case FIRST_TOUCH -> loop(bench, event(KernelEvent.PAGE_FAULT, 0));
            case CALLRET -> loop(bench, event(KernelEvent.CALL, CALLS)) / CALLS;
            case PGFAULT -> forbiddenRead(bench);
            case DIVZERO -> loop(bench, TimedProgram.instruction(Instruction.DIV, 1));
            case PTEMOD -> entryWrites(bench, EntryWrite.UNCHANGED);
            case PTEMOD_CLEAR -> entryWrites(bench, EntryWrite.CLEARED);
            case PTEMOD_SET -> entryWrites(bench, EntryWrite.SET);
        };
    }

    private static List<Long> event(KernelEvent event, long operand) {
        return List.of(GuestOp.event(event, operand));
    }

    private static double loop(Bench bench, List<Long> body) throws ScenarioException {
        return measured(bench, new Loop(List.of(), lap -> body));
    }

    /** Of a page of the kernel's, which is there since the kernel first ran. */
    private static double forbiddenRead(Bench bench) throws ScenarioException {
        List<Long> read = List.of(GuestOp.memory(GuestOp.READ, bench.mode().kernelAddress(), Long.BYTES));
        return measured(bench, new Loop(event(KernelEvent.SYSCALL, 0), lap -> read));
    }

    private static double entryWrites(Bench bench, EntryWrite write) throws ScenarioException {
        return measured(bench, new Loop(List.of(), lap -> event(KernelEvent.WRITE_ENTRY, write.of(lap))))
                / EntryWrite.AT_ONCE;
    }

    private static <P extends TimedProgram & Measured> double measured(Bench bench, P program)
            throws ScenarioException {
        return bench.run(program) ? program.cycles() : Double.NaN;
    }

    private static double interprocessor(Bench bench, boolean halts) throws ScenarioException {
        Interprocessor both = new Interprocessor(halts);
        return bench.run(both.programs()) ? both.cycles() : Double.NaN;
    }

    private static double roundRobin(Bench bench) throws ScenarioException {
        RoundRobin both = new RoundRobin();
        return bench.run(both.programs()) ? both.cycles() : Double.NaN;
    }
}

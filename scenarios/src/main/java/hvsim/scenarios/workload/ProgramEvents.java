package hvsim.scenarios.workload;

import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.instruction.Instruction;
import java.util.ArrayList;
import java.util.List;

/** What a program does beside its memory references, and when. */
final class ProgramEvents {
    /** The data port of the real-time clock: reading it changes nothing. */
    private static final int DEFAULT_PORT = 0x71;

    /** IA32_TSC_DEADLINE, the MSR that guests write most. */
    private static final int DEFAULT_MSR = 0x6e0;

    /** Of a kernel's code segment: entry 2 of the global table, RPL 0. */
    private static final int KERNEL_SELECTOR = 0x10;

    private static final int FRAME_SHIFT = 12;
    private static final int POSITION_LONGS = 3;

    private final List<InstructionRate> instructions;
    private final List<EventRate> events;
    private final long warmup;
    private final List<Schedule> schedules = new ArrayList<>();

    /**
     * The schedules of instructions come first, then those of events.
     *
     * @param warmup operations before the run; what is counted for the whole run comes after them
     */
    ProgramEvents(List<InstructionRate> instructions, List<EventRate> events, long warmup, long operations, long seed) {
        this.instructions = instructions;
        this.events = events;
        this.warmup = warmup;
        double perOperation = 0;
        for (InstructionRate rate : instructions) {
            perOperation += share(rate.count(), rate.perOperations(), operations);
            schedules.add(schedule(
                    rate.count(), rate.perOperations(), operations, Seeds.derive(seed, "event/" + schedules.size())));
        }
        for (EventRate rate : events) {
            perOperation += share(rate.count(), rate.perOperations(), operations);
            schedules.add(schedule(rate.count(), rate.perOperations(), operations, Seeds.derive(seed, rate.stream())));
        }
        if (perOperation > 1) {
            throw new IllegalArgumentException("more instructions and kernel events than operations");
        }
    }

    /** The operation at which the next of them is due. */
    long next() {
        long next = Long.MAX_VALUE;
        for (Schedule schedule : schedules) {
            next = Math.min(next, schedule.next());
        }
        return next;
    }

    /** Number of the schedule whose event is the first one due: earliest place, then order of the list. */
    int due() {
        int due = 0;
        for (int i = 1; i < schedules.size(); i++) {
            due = schedules.get(i).next() < schedules.get(due).next() ? i : due;
        }
        return due;
    }

    boolean isSwitch(int due) {
        return due >= instructions.size() && eventOf(due) == KernelEvent.PROCESS_SWITCH;
    }

    private KernelEvent eventOf(int due) {
        return events.get(due - instructions.size()).event();
    }

    /** Writes the due event's words from index {@code n} and moves on; the index after them. */
    int emit(int due, long[] words, int n, int nextProcess, long recentGva) {
        Schedule schedule = schedules.get(due);
        int end = due < instructions.size()
                ? instruction(instructions.get(due), schedule.random(), words, n, recentGva)
                : put(words, n, GuestOp.event(eventOf(due), operand(eventOf(due), nextProcess, recentGva)));
        schedule.advance();
        return end;
    }

    /** A process, or the page that the program touched last. */
    private static long operand(KernelEvent event, int nextProcess, long recentGva) {
        return event == KernelEvent.PROCESS_SWITCH ? nextProcess : GuestOp.gva(recentGva) >>> FRAME_SHIFT;
    }

    long[] position() {
        long[] position = {};
        for (Schedule schedule : schedules) {
            position = Longs.join(position, schedule.position());
        }
        return position;
    }

    int positionLongs() {
        return POSITION_LONGS * schedules.size();
    }

    void seek(long[] position, int from) {
        int at = from;
        for (Schedule schedule : schedules) {
            schedule.seek(position[at], position[at + 1], position[at + 2]);
            at += POSITION_LONGS;
        }
    }

    private Schedule schedule(long count, long perOperations, long operations, long seed) {
        return perOperations == 0
                ? new Schedule(warmup, count, operations, count, others(), seed)
                : new Schedule(0, count, perOperations, Long.MAX_VALUE, others(), seed);
    }

    /** How many others may want a place in each stretch; a process switch is always reckoned with. */
    private int others() {
        long apart = events.stream()
                .filter(rate -> rate.event() != KernelEvent.PROCESS_SWITCH)
                .count();
        return instructions.size() + (int) apart;
    }

    private static double share(long count, long perOperations, long operations) {
        return (double) count / (perOperations == 0 ? operations : perOperations);
    }

    private static int instruction(InstructionRate rate, long random, long[] words, int n, long recentGva) {
        Instruction instruction = rate.instruction();
        int cpl = rate.cpl();
        boolean named = rate.operand().isPresent();
        long operand = rate.operand().orElse(0);
        return switch (instruction.operand()) {
            case NONE -> put(words, n, GuestOp.instruction(instruction, cpl, 0));
            case PORT -> put(words, n, instruction, cpl, (int) (named ? operand : DEFAULT_PORT), recentGva);
            case MSR -> put(words, n, GuestOp.instruction(instruction, cpl, (int) (named ? operand : DEFAULT_MSR)));
            case MSR_VALUE -> put(words, n, instruction, cpl, (int) (named ? operand : DEFAULT_MSR), random);
            case VALUE, RETURN, PHYSICAL_ADDRESS ->
                named
                        ? put(words, n, instruction, cpl, 0, operand)
                        : put(words, n, GuestOp.instruction(instruction, cpl, 0));
            case GVA -> put(words, n, instruction, cpl, 0, named ? operand : recentGva);
            case SELECTOR ->
                put(words, n, GuestOp.instruction(instruction, cpl, (int) (named ? operand : KERNEL_SELECTOR)));
            case INVPCID_DESCRIPTOR, INVVPID_DESCRIPTOR, STATUS_WORD ->
                put(words, n, instruction, cpl, (int) operand, recentGva);
            case NUMBER, INTERRUPT, CONDITION, LEAF, HINTS ->
                put(words, n, GuestOp.instruction(instruction, cpl, (int) operand));
            case NUMBER_VALUE, INVEPT_DESCRIPTOR, VM_FUNCTION, VMCS_FIELD ->
                put(words, n, instruction, cpl, (int) operand, 0);
        };
    }

    private static int put(long[] words, int n, long word) {
        words[n] = word;
        return n + 1;
    }

    private static int put(long[] words, int n, Instruction instruction, int cpl, int operand, long value) {
        words[n] = GuestOp.instructionWithValue(instruction, cpl, operand);
        words[n + 1] = value;
        return n + 2;
    }
}

package hvsim.scenarios.workload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.instruction.Instruction;
import hvsim.scenarios.trace.Trace;
import hvsim.scenarios.trace.Traces;
import hvsim.scenarios.workload.PatternSpec.Order;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProgramTest {
    private static final List<InstructionRate> RATES = List.of(
            new InstructionRate(Instruction.CPUID, 0, OptionalLong.empty(), 100, 1_000_000),
            new InstructionRate(Instruction.IN, 0, OptionalLong.of(0x60), 20, 1_000),
            new InstructionRate(Instruction.WRMSR, 0, OptionalLong.empty(), 7, 0),
            new InstructionRate(Instruction.INVLPG, 0, OptionalLong.empty(), 1, 1_000),
            new InstructionRate(Instruction.MOV_TO_CR3, 0, OptionalLong.empty(), 1, 1_000));

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void aProgramGoesOnWhereItsPositionSays(Order order) {
        assertGoesOn(() -> spec(3, 12).program(Specs.pattern(order)));
    }

    @Test
    void aRepeatedTraceStartsAgainAndASourceMayStartAnywhere() throws IOException {
        Trace trace = Traces.write(folder.resolve("t"), " L 00001000,1\n L 00002000,1\n L 00003000,1\n");
        ReferenceSource source = new TraceSource(trace, Placement.LONG, 2, true);
        long[] words = new long[10];
        assertEquals(5, source.fill(words, 0, 5));
        assertEquals(0x3000, GuestOp.gva(words[0]));
        assertEquals(0x1000, GuestOp.gva(words[1]));
        assertEquals(0x3000, GuestOp.gva(words[3]));
        assertEquals(5, source.made());
        assertEquals(3, trace.references());
    }

    @Test
    void aTraceGoesOnWhereItsPositionSays() throws IOException {
        Trace text = Traces.write(folder.resolve("t"), Traces.random(1, 9_000));
        text.convert(folder.resolve("t.hvt"));
        Trace converted = Trace.open(folder.resolve("t.hvt"), "t.hvt", false);
        for (Trace trace : List.of(text, converted)) {
            assertGoesOn(() -> spec(1, 12).program(trace, true));
            assertGoesOn(() -> spec(3, 12).program(trace, true));
            assertGoesOn(() -> spec(1, 21).program(trace, false));
        }
    }

    @Test
    void aConvertedTraceIsTheSameProgram() throws IOException {
        Trace text = Traces.write(folder.resolve("t"), Traces.random(1, 30_000));
        text.convert(folder.resolve("t.hvt"));
        Trace converted = Trace.open(folder.resolve("t.hvt"), "t.hvt", false);
        for (int processes = 1; processes <= 3; processes++) {
            for (int shift : new int[] {0, 12, 21, 30}) {
                assertArrayEquals(
                        take(spec(processes, shift).program(text, false), 200_000, 4096),
                        take(spec(processes, shift).program(converted, false), 200_000, 100));
            }
        }
    }

    @Test
    void ratesAreExact() {
        long[] counts = new long[Instruction.values().length];
        long switches = 0;
        long operations = 0;
        Program program = spec(2, 0).program(Specs.pattern(Order.SEQUENTIAL));
        long[] words = take(program, 1_100_000, 4096);
        for (int i = 0; operations < 1_000_000; i += GuestOp.words(words[i]), operations++) {
            if (GuestOp.kind(words[i]) == GuestOp.INSTRUCTION) {
                counts[GuestOp.number(words[i])]++;
            }
            switches += GuestOp.kind(words[i]) == GuestOp.EVENT ? 1 : 0;
        }
        assertEquals(100, counts[Instruction.CPUID.ordinal()]);
        assertEquals(20_000, counts[Instruction.IN.ordinal()]);
        assertEquals(7, counts[Instruction.WRMSR.ordinal()]);
        assertEquals(1_000, counts[Instruction.INVLPG.ordinal()]);
        assertEquals(500, switches);
    }

    @Test
    void oneEventFallsIntoEachStretch() {
        Schedule schedule = new Schedule(0, 3, 1_000, Long.MAX_VALUE, 5, 42);
        for (int i = 0; i < 1_000; i++) {
            assertTrue(schedule.next() >= i * 1_000L / 3 && schedule.next() < (i + 1) * 1_000L / 3 - 5);
            schedule.advance();
        }
    }

    @Test
    void moreEventsThanOperationsAreRefused() {
        List<InstructionRate> all = List.of(
                new InstructionRate(Instruction.CPUID, 0, OptionalLong.empty(), 600, 1_000),
                new InstructionRate(Instruction.PAUSE, 0, OptionalLong.empty(), 600, 1_000));
        ProgramSpec spec = new ProgramSpec(1, "vm/0", 0, 1_000, true, all, 1, List.of(), 0, Placement.LONG);
        assertThrows(IllegalArgumentException.class, () -> spec.program(Specs.pattern(Order.LOOP)));
    }

    @ParameterizedTest
    @EnumSource
    void everyPageIsMappedOnceRightBeforeItIsTouched(Order order) {
        assertPremapped(take(spec(3, 12).program(Specs.pattern(order)), 300_000, 777), 12, 3);
    }

    @Test
    void wideAndStraddlingReferencesMapAllTheirPages() throws IOException {
        Trace trace = Traces.write(folder.resolve("t"), Traces.random(4, 5_000));
        assertPremapped(take(spec(1, 12).program(trace, false), 3_000_000, 64), 12, 1);
        assertPremapped(take(spec(2, 21).program(trace, false), 3_000_000, 64), 21, 2);
    }

    @Test
    void processesTakeTurnsAndTogetherMakeOneTrace() throws IOException {
        Trace trace = Traces.write(folder.resolve("t"), Traces.random(4, 5_000));
        long references = 0;
        long[] words = take(spec(3, 0).program(trace, false), 100_000, 64);
        for (int i = 0; i < words.length; i += GuestOp.words(words[i])) {
            references += GuestOp.kind(words[i]) <= GuestOp.WIDE ? 1 : 0;
        }
        assertEquals(5_000, references);
    }

    private static ProgramSpec spec(int processes, int shift) {
        return new ProgramSpec(
                1,
                "vm/0",
                0,
                1_000_000,
                true,
                RATES,
                processes,
                List.of(new EventRate(KernelEvent.PROCESS_SWITCH, 500, 1_000_000)),
                shift,
                Placement.LONG);
    }

    private interface Maker {
        Program make();
    }

    private static void assertGoesOn(Maker maker) {
        for (int before : new int[] {0, 1, 5, 40}) {
            Program first = maker.make();
            long[] batch = new long[301];
            for (int i = 0; i < before; i++) {
                first.fill(batch);
            }
            long[] position = first.position();
            Program second = maker.make();
            second.seek(position);
            assertArrayEquals(position, second.position());
            assertArrayEquals(take(first, 20_000, 301), take(second, 20_000, 301));
        }
    }

    private static void assertPremapped(long[] words, int shift, int processes) {
        List<Set<Long>> mapped = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            mapped.add(new HashSet<>());
        }
        Set<Long> justMapped = new HashSet<>();
        int process = 0;
        for (int i = 0; i < words.length; i += GuestOp.words(words[i])) {
            long word = words[i];
            int kind = GuestOp.kind(word);
            if (kind == GuestOp.PSEUDO) {
                assertTrue(mapped.get(process).add(GuestOp.gva(word) >>> shift), "mapped twice");
                justMapped.add(GuestOp.gva(word) >>> shift);
            } else if (kind == GuestOp.EVENT) {
                process = GuestOp.operand(word);
            } else if (kind <= GuestOp.WIDE) {
                boolean wide = kind == GuestOp.WIDE;
                long gva = GuestOp.gva(wide ? words[i + 1] : word);
                long last = gva + (wide ? GuestOp.wideSizeBytes(word) : GuestOp.sizeBytes(word)) - 1;
                for (long page = gva >>> shift; page <= last >>> shift; page++) {
                    assertTrue(mapped.get(process).contains(page), "touched before it was mapped");
                    justMapped.remove(page);
                }
                assertTrue(justMapped.isEmpty(), "mapped but not touched");
            }
        }
    }

    /** At least that many words, or all. */
    private static long[] take(Program program, int atLeast, int batchWords) {
        long[] batch = new long[batchWords];
        long[] words = new long[atLeast + batchWords];
        int n = 0;
        int filled;
        while (n < atLeast && (filled = program.fill(batch)) > 0) {
            System.arraycopy(batch, 0, words, n, filled);
            n += filled;
        }
        program.close();
        return Arrays.copyOf(words, Math.min(n, atLeast));
    }
}

package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.TranslationEvent;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.cpu.DeprivilegedSpec.Kernel;
import hvsim.vmm.cpu.TranslatingSpec;
import hvsim.vmm.cpu.translation.TranslationSpec;
import hvsim.vmm.kernel.EntryWrite;
import hvsim.vmm.memory.shadow.ShadowSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Guests whose kernels are translated, beside the same guests on a bare machine. */
class BinaryTranslationTest {
    private static final TranslationSpec ALL_ON = spec(1 << 20, true, true);
    private static final int OFTEN = 50;
    private static final int BLOCKS_A_PAGE = 4;

    static TranslationSpec spec(int codeCacheBytes, boolean chaining, boolean adaptive) {
        return new TranslationSpec(codeCacheBytes, chaining, adaptive, 2300, 40);
    }

    static TranslatingSpec hypervisor(TranslationSpec translation, long sliceCycles) {
        return new TranslatingSpec(TrapAndEmulateTest.hypervisor(Kernel.TRANSLATED, sliceCycles), translation);
    }

    static MachineSpec translated(TranslationSpec translation, VmSpec... vms) {
        return new MachineSpec(
                64L << 30, TrapAndEmulateTest.core(false), Optional.of(hypervisor(translation, 100_000)), List.of(vms));
    }

    private static Vcpu run(MachineSpec spec) {
        Machine machine = new Machine(spec);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        assertEquals("", machine.vms().get(0).audit());
        return machine.vms().get(0).vcpu(0);
    }

    private static VmSpec vm(boolean demandPaging, long... words) {
        return TestMachines.vm("vm", demandPaging, 2, words);
    }

    private static Vcpu faithful(TranslationSpec translation, boolean demandPaging, long... words) {
        return faithful(translated(translation, vm(demandPaging, words)), vm(demandPaging, words));
    }

    /** Where no table is left out of step. */
    private static Vcpu faithfulInStep(TranslationSpec translation, long... words) {
        DeprivilegedSpec traps = TrapAndEmulateTest.hypervisor(Kernel.TRANSLATED, 100_000);
        TranslatingSpec inStep = new TranslatingSpec(
                new DeprivilegedSpec(
                        traps.kernel(),
                        traps.dispatchCycles(),
                        traps.cycles(),
                        traps.scheduler(),
                        new ShadowSpec(16, false, 4 << 20)),
                translation);
        return faithful(
                new MachineSpec(
                        64L << 30, TrapAndEmulateTest.core(false), Optional.of(inStep), List.of(vm(false, words))),
                vm(false, words));
    }

    private static Vcpu faithful(MachineSpec machine, VmSpec vm) {
        Vcpu bare = run(TestMachines.bare(vm));
        Vcpu translated = run(machine);
        assertEquals(bare.observations().digest(), translated.observations().digest());
        assertEquals(bare.operations(), translated.operations());
        return translated;
    }

    private static long counted(Vcpu vcpu, TranslationEvent event) {
        return vcpu.total().translation(event);
    }

    private static long[] repeated(int times, long... words) {
        return Stream.generate(() -> words)
                .limit(times)
                .flatMapToLong(Arrays::stream)
                .toArray();
    }

    private static long[] with(long[] words, long... more) {
        return LongStream.concat(Arrays.stream(words), Arrays.stream(more)).toArray();
    }

    private static long at(Instruction instruction) {
        return GuestOp.instruction(instruction, 0, 0);
    }

    @Test
    void userCodeRunsAsItIs() {
        Vcpu vcpu = faithful(ALL_ON, false, TestMachines.wander(5_000, 50, 1));
        assertEquals(0, counted(vcpu, TranslationEvent.TRANSLATED));
        assertEquals(0, vcpu.exits().samples(TrapReason.CALLOUT));
    }

    @Test
    void theKernelIsTranslatedOnceAndThenRunsOutOfTheCodeCache() {
        long[] words =
                with(TestMachines.wander(500, 20, 1), repeated(OFTEN, GuestOp.event(KernelEvent.PROCESS_SWITCH, 1)));
        Vcpu vcpu = faithful(ALL_ON, true, words);
        assertEquals(0, vcpu.exits().samples(TrapReason.TRAP_GP));
        assertTrue(counted(vcpu, TranslationEvent.TRANSLATED) < 100);
        assertTrue(counted(vcpu, TranslationEvent.CHAINED) > 10 * OFTEN, "three jumps in each of four pages");
        assertEquals(0, counted(vcpu, TranslationEvent.EVICTED));
    }

    @Test
    void sensitiveInstructionsAnswerAsOnABareProcessor() {
        for (Instruction instruction : Instruction.values()) {
            if (instruction.takes(0) && instruction != Instruction.RSM) {
                faithful(ALL_ON, false, at(instruction), at(Instruction.PUSHFQ), at(Instruction.SMSW));
            }
        }
    }

    @Test
    void flagsAreThoseThatTheGuestHasWritten() {
        Vcpu vcpu = faithful(
                ALL_ON,
                false,
                at(Instruction.CLI),
                at(Instruction.PUSHFQ),
                GuestOp.instructionWithValue(Instruction.POPFQ, 0, 0),
                0x3241,
                at(Instruction.PUSHFQ));
        assertEquals(4, counted(vcpu, TranslationEvent.IN_LINE));
    }

    @Test
    void withoutChainingEachWayIsLookedUp() {
        long[] words =
                with(TestMachines.wander(500, 20, 1), repeated(OFTEN, GuestOp.event(KernelEvent.PROCESS_SWITCH, 1)));
        Vcpu chained = faithful(ALL_ON, false, words);
        Vcpu lookedUp = faithful(spec(1 << 20, false, true), false, words);
        assertEquals(0, counted(lookedUp, TranslationEvent.CHAINED));
        assertEquals(
                counted(chained, TranslationEvent.CHAINED) + counted(chained, TranslationEvent.LOOKED_UP),
                counted(lookedUp, TranslationEvent.LOOKED_UP));
        assertTrue(chained.total().allCycles() < lookedUp.total().allCycles());
    }

    @Test
    void aCodeCacheThatIsTooSmallTranslatesAgain() {
        long[] words = repeated(
                OFTEN,
                GuestOp.event(KernelEvent.FORK, 0),
                GuestOp.event(KernelEvent.MAP, 0),
                GuestOp.event(KernelEvent.PROTECT, 0),
                GuestOp.event(KernelEvent.UNMAP, 0),
                GuestOp.event(KernelEvent.EXIT, 0),
                GuestOp.event(KernelEvent.PROCESS_SWITCH, 1));
        words = with(TestMachines.wander(500, 20, 1), words);
        Vcpu large = faithful(ALL_ON, true, words);
        Vcpu small = faithful(spec(4096, true, true), true, words);
        assertEquals(0, counted(large, TranslationEvent.EVICTED));
        assertTrue(counted(small, TranslationEvent.EVICTED) > 0);
        assertTrue(counted(small, TranslationEvent.TRANSLATED) > counted(large, TranslationEvent.TRANSLATED));
    }

    @Test
    void codeThatTheKernelWritesIsTranslatedAgain() {
        long[] call = {GuestOp.event(KernelEvent.SYSCALL, 0), GuestOp.event(KernelEvent.SYSCALL, 0)};
        Vcpu left = faithful(ALL_ON, false, repeated(OFTEN, call));
        Vcpu patched = faithful(ALL_ON, false, repeated(OFTEN, with(call, GuestOp.event(KernelEvent.PATCH, 0))));
        assertEquals(0, counted(left, TranslationEvent.INVALIDATED));
        assertEquals(BLOCKS_A_PAGE * OFTEN, counted(patched, TranslationEvent.INVALIDATED));
        assertTrue(counted(patched, TranslationEvent.TRANSLATED)
                >= counted(left, TranslationEvent.TRANSLATED) + BLOCKS_A_PAGE * (OFTEN - 1));
    }

    @Test
    void codeThatIsNotTranslatedIsWrittenWithoutATrap() {
        Vcpu once = faithful(ALL_ON, false, GuestOp.event(KernelEvent.PATCH, 0));
        Vcpu often = faithful(ALL_ON, false, repeated(OFTEN, GuestOp.event(KernelEvent.PATCH, 0)));
        assertEquals(0, counted(often, TranslationEvent.INVALIDATED));
        assertEquals(once.exits().samples(TrapReason.TRAP_PF), often.exits().samples(TrapReason.TRAP_PF));
    }

    @Test
    void writesThatTrapOftenCallOutInstead() {
        long[] words = with(
                TestMachines.wander(500, 20, 1),
                repeated(OFTEN, GuestOp.event(KernelEvent.MAP, 0), GuestOp.event(KernelEvent.FORK, 0)));
        Vcpu adaptive = faithful(ALL_ON, true, words);
        Vcpu stubborn = faithful(spec(1 << 20, true, false), true, words);
        assertTrue(counted(adaptive, TranslationEvent.RETRANSLATED) > 0);
        assertEquals(0, counted(stubborn, TranslationEvent.RETRANSLATED));
        long traps = adaptive.exits().samples(TrapReason.TRAP_PF);
        assertTrue(traps < stubborn.exits().samples(TrapReason.TRAP_PF));
        assertTrue(adaptive.total().allCycles() < stubborn.total().allCycles());
    }

    private static long[] entryWrites(EntryWrite write) {
        return LongStream.range(0, OFTEN)
                .map(i -> GuestOp.event(KernelEvent.WRITE_ENTRY, write.of((int) i)))
                .toArray();
    }

    @Test
    void aBlockThatWritesTablesLearnsAndThenDoesSoInLine() {
        long[] clear = entryWrites(EntryWrite.CLEARED);
        Vcpu inLine = faithfulInStep(ALL_ON, clear);
        assertTrue(inLine.exits().samples(TrapReason.TRAP_PF) < 20, "it has learnt from first writes");
        assertTrue(counted(inLine, TranslationEvent.IN_LINE) >= (OFTEN - 2) * EntryWrite.AT_ONCE);
        Vcpu trapping = faithfulInStep(spec(1 << 20, true, false), clear);
        assertTrue(trapping.exits().samples(TrapReason.TRAP_PF) >= OFTEN * EntryWrite.AT_ONCE);
    }

    @Test
    void aPageThatStaysIsFoundOnce() {
        Vcpu vcpu = faithfulInStep(ALL_ON, entryWrites(EntryWrite.UNCHANGED));
        assertTrue(counted(vcpu, TranslationEvent.IN_LINE) >= (OFTEN - 4) * EntryWrite.AT_ONCE);
        assertTrue(vcpu.exits().samples(TrapReason.CALLOUT) < 2 * OFTEN, "but the ways back to the user");
    }

    @Test
    void aPageThatTheShadowHasToFindIsCalledOutFor() {
        Vcpu vcpu = faithfulInStep(ALL_ON, entryWrites(EntryWrite.SET));
        assertTrue(vcpu.exits().samples(TrapReason.CALLOUT) >= (OFTEN - 2) * EntryWrite.AT_ONCE);
    }
}

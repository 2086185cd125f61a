package hvsim.vmm.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.Core;
import hvsim.cpu.CoreSpec;
import hvsim.cpu.CostModel;
import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.OpStream;
import hvsim.cpu.RunOutcome;
import hvsim.cpu.Vcpu;
import hvsim.ept.GuestPage;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.ept.WalkSpec;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.TlbSpec;
import hvsim.vmm.memory.NativeMemory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random events and references against a naive model of processes, which says what has to fault. A translation that the
 * kernel's programs forgot to drop would let an access through that has to fault; one dropped without need costs
 * walks, not faults.
 */
class GuestKernelLawTest {
    private static final int PAGES = 24;
    private static final long DATA = 0x1000_0000L;
    private static final long BYTES = 64L << 20;

    /** A page of one process: pages of several processes with the same frame are shared. */
    private record Mapping(int frame, boolean writable) {}

    /** What a process has mapped, and in which order beyond its data. */
    private static final class Space {
        private final Map<Long, Mapping> pages = new TreeMap<>();
        private final Deque<Long> areas = new ArrayDeque<>();

        private void clear() {
            pages.clear();
            areas.clear();
        }
    }

    /** The model, and the program that it makes up as it goes. */
    private static final class Naive implements OpStream {
        private final Random random;
        private final KernelSpec spec;
        private final Space[] spaces;
        private final Space[] children;
        private final long[] next;
        private int left;
        private int process;
        private int newFrame;
        private long faults;
        private Vcpu vcpu;

        Naive(KernelSpec spec, long seed, int operations) {
            this.spec = spec;
            random = new Random(seed);
            left = operations;
            spaces = new Space[spec.processes()];
            children = new Space[spec.processes()];
            next = new long[spec.processes()];
            for (int i = 0; i < spaces.length; i++) {
                spaces[i] = new Space();
                next[i] = 0x6000_0000_0000L;
            }
        }

        @Override
        public int fill(long[] batch) {
            assertEquals(faults, vcpu.faults(14), "with " + left + " operations left");
            if (left-- == 0) {
                left = 0;
                return 0;
            }
            batch[0] = random.nextInt(8) == 0 ? event() : reference();
            return 1;
        }

        private long reference() {
            boolean area = random.nextInt(4) == 0 && !space().areas.isEmpty();
            long gva = area ? space().areas.peekFirst() : DATA + 4096L * random.nextInt(PAGES);
            boolean write = random.nextBoolean();
            touch(gva, write);
            return GuestOp.memory(write ? GuestOp.WRITE : GuestOp.READ, gva + 8L * random.nextInt(500), 8);
        }

        private void touch(long gva, boolean write) {
            Mapping page = space().pages.get(gva);
            if (page == null) {
                faults++;
                space().pages.put(gva, new Mapping(newFrame++, true));
            } else if (write && !page.writable) {
                faults++;
                boolean alone = users(page.frame) == 1;
                space().pages.put(gva, new Mapping(alone ? page.frame : newFrame++, true));
            }
        }

        private long users(int frame) {
            long users = 0;
            for (Space[] all : List.of(spaces, children)) {
                for (Space each : all) {
                    users += each == null
                            ? 0
                            : each.pages.values().stream()
                                    .filter(page -> page.frame == frame)
                                    .count();
                }
            }
            return users;
        }

        private Space space() {
            return spaces[process];
        }

        private long event() {
            KernelEvent event = KernelEvent.byNumber(random.nextInt(KernelEvent.LOCK.ordinal() + 1));
            long gva = DATA + 4096L * random.nextInt(PAGES);
            long operand = gva >>> 12;
            switch (event) {
                case PROCESS_SWITCH -> {
                    process = random.nextInt(spaces.length);
                    operand = process;
                }
                case PAGE_FAULT -> touch(newPage(), true);
                case MAP -> {
                    for (int i = 0; i < spec.pages(); i++) {
                        space().pages.put(newPage(), new Mapping(newFrame++, true));
                    }
                }
                case UNMAP -> unmap(gva);
                case PROTECT -> forbidWrites(gva);
                case FORK -> fork();
                case EXEC, EXIT -> end(event);
                default -> {
                    // changes nothing
                }
            }
            return GuestOp.event(event, operand);
        }

        private long newPage() {
            long gva = next[process];
            next[process] += 4096;
            space().areas.add(gva);
            return gva;
        }

        private void unmap(long gva) {
            boolean program = space().areas.isEmpty();
            for (int i = 0; i < spec.pages() && (program || !space().areas.isEmpty()); i++) {
                space().pages.remove(program ? gva + 4096L * i : space().areas.removeFirst());
            }
        }

        private void forbidWrites(long gva) {
            for (int i = 0; i < spec.pages(); i++) {
                space().pages.computeIfPresent(gva + 4096L * i, (at, page) -> new Mapping(page.frame, false));
            }
        }

        private void fork() {
            space().pages.replaceAll((gva, page) -> new Mapping(page.frame, false));
            children[process] = new Space();
            children[process].pages.putAll(space().pages);
        }

        private void end(KernelEvent event) {
            if (children[process] == null) {
                space().clear();
            } else if (event == KernelEvent.EXEC) {
                children[process].clear();
            } else {
                children[process] = null;
            }
        }

        @Override
        public long[] position() {
            return new long[0];
        }

        @Override
        public void seek(long[] position) {
            throw new UnsupportedOperationException();
        }
    }

    private static TlbSpec.Part part(String name, int level, TlbSpec.Holds holds, int entries) {
        return new TlbSpec.Part(
                name,
                level,
                holds,
                Set.of(PageSize.SIZE_4K, PageSize.SIZE_2M),
                entries,
                4,
                SetIndex.MASK,
                level == 1 ? 0 : 7);
    }

    private static Core core(PhysicalMemory memory) {
        TlbSpec tlb = new TlbSpec(
                List.of(
                        part("itlb", 1, TlbSpec.Holds.FETCH, 64),
                        part("dtlb", 1, TlbSpec.Holds.DATA, 64),
                        part("stlb", 2, TlbSpec.Holds.ALL, 1024)),
                false);
        WalkSpec walk = new WalkSpec(new WalkSpec.StructureCache(2, 4, 32), new WalkSpec.StructureCache(2, 4, 32), 16);
        return new Core(new CoreSpec(tlb, walk, new CostModel(350, 350, 900, 30, 1000, Map.of())), memory);
    }

    private static GuestKernel run(KernelSpec spec, Vcpu vcpu) {
        PhysicalMemory memory = new PhysicalMemory(BYTES);
        Core core = core(memory);
        GuestMemorySpec own =
                new GuestMemorySpec("law", BYTES, GuestMode.LONG, GuestPage.KIB_4, PageSize.SIZE_4K, false);
        GuestKernel kernel =
                new GuestKernel(own, spec, List.of(vcpu), new NativeMemory(memory, TableLayout.FOUR_LEVEL));
        core.load(vcpu);
        core.transitions().startBare();
        for (RunOutcome outcome = core.run(Long.MAX_VALUE);
                outcome != RunOutcome.PROGRAM_END;
                outcome = core.run(Long.MAX_VALUE)) {
            switch (outcome) {
                case EXCEPTION ->
                    kernel.exception(
                            0,
                            core.request().vector(),
                            core.request().gva(),
                            core.request().isFault());
                case KERNEL_EVENT ->
                    kernel.event(0, core.request().event(), core.request().operand());
                default -> throw new IllegalStateException("a bare core has no " + outcome);
            }
        }
        return kernel;
    }

    private static KernelSpec spec(boolean pcid, boolean globalPages, int pages, int batch) {
        return new KernelSpec(
                3,
                pcid,
                globalPages,
                true,
                pages,
                KernelSpec.SyscallBy.SYSCALL,
                new KernelSpec.Shootdowns(batch, true),
                300,
                0,
                0);
    }

    @ParameterizedTest
    @CsvSource({"true,true,1,33", "false,true,3,33", "true,false,5,2", "false,false,4,0", "true,true,7,3"})
    void whatHasToFaultFaultsAndNothingElse(boolean pcid, boolean globalPages, int pages, int batch) {
        for (long seed = 1; seed <= 6; seed++) {
            Naive naive = new Naive(spec(pcid, globalPages, pages, batch), seed, 4_000);
            Vcpu vcpu = new Vcpu("law", naive, 1);
            naive.vcpu = vcpu;
            GuestKernel kernel = run(naive.spec, vcpu);
            assertEquals(4_000, vcpu.operations());
            assertTrue(naive.faults > 500, "few faults: " + naive.faults);
            assertEquals(pagesOf(naive) * 4096, kernel.pageBytes(), "pages in use with seed " + seed);
        }
    }

    private static long pagesOf(Naive naive) {
        long frames = 0;
        for (int frame = 0; frame < naive.newFrame; frame++) {
            frames += naive.users(frame) > 0 ? 1 : 0;
        }
        return frames;
    }

    /** Memory for a few rounds is enough for any number of them. */
    @Test
    void whatEndsGivesItsMemoryBack() {
        long[] words = new long[60 * 400];
        int n = 0;
        for (int round = 0; round < 400; round++) {
            for (int page = 0; page < 50; page++) {
                words[n++] = GuestOp.memory(GuestOp.WRITE, DATA + 4096L * (page * 37 % 50), 8);
            }
            words[n++] = GuestOp.event(KernelEvent.MAP, 0);
            words[n++] = GuestOp.event(KernelEvent.FORK, 0);
            words[n++] = GuestOp.memory(GuestOp.WRITE, DATA, 8);
            words[n++] = GuestOp.event(round % 2 == 0 ? KernelEvent.EXEC : KernelEvent.EXIT, 0);
            words[n++] = GuestOp.event(KernelEvent.EXIT, 0);
            words[n++] = GuestOp.event(KernelEvent.EXIT, 0);
        }
        Vcpu vcpu = new Vcpu("rounds", new Words(words, n), 1);
        GuestKernel kernel = run(spec(true, true, 20, 33), vcpu);
        assertEquals(0, kernel.pageBytes());
        assertTrue(kernel.usedBytes() < 4 << 20, "used " + kernel.usedBytes());
    }

    /** A program from an array, one operation at a time. */
    private static final class Words implements OpStream {
        private final long[] words;
        private final int length;
        private int position;

        Words(long[] words, int length) {
            this.words = words;
            this.length = length;
        }

        @Override
        public int fill(long[] batch) {
            if (position == length) {
                return 0;
            }
            batch[0] = words[position++];
            return 1;
        }

        @Override
        public long[] position() {
            return new long[] {position};
        }

        @Override
        public void seek(long[] to) {
            position = (int) to[0];
        }
    }
}

package hvsim.scenarios.workload;

import hvsim.cpu.GuestOp;
import hvsim.cpu.OpStream;
import java.util.List;

/**
 * What one virtual processor executes: the memory references of its processes, with instructions and kernel
 * events in between. It depends on nothing but how it was made, never on time, so that every technique runs
 * the same program.
 *
 * <p>Process 0 runs first; at each switch the next one follows, and goes on where it was in a stream of its
 * own. Right before a process first touches a page, a PREMAP word tells the guest's kernel to map it. A MARK word
 * ends the warm-up, also where the references end within it.
 */
public final class Program implements OpStream, AutoCloseable {
    private static final int PIECE = 1024;

    private final List<ReferenceSource> processes;
    private final ProgramEvents events;
    private final Loader[] loaders;
    private final Loader.Queue queue = new Loader.Queue();
    private final long maxReferences;
    private final Extent extent;
    private long operations;
    private long references;
    private long recentGva;
    private int process;
    private boolean marked;
    private boolean ended;

    /** As {@link ProgramSpec#program}; {@code pageShift} is 0 where nothing is to be mapped beforehand. */
    Program(List<ReferenceSource> processes, ProgramEvents events, int pageShift, long maxReferences, Extent extent) {
        this.processes = List.copyOf(processes);
        this.events = events;
        this.maxReferences = maxReferences;
        this.extent = extent;
        this.marked = extent.warmup() == 0;
        this.loaders = new Loader[pageShift == 0 ? 0 : processes.size()];
        for (int i = 0; i < loaders.length; i++) {
            loaders[i] = new Loader(pageShift, processes.get(i).pagesAtMost(pageShift));
        }
    }

    @Override
    public int fill(long[] batch) {
        int n = queue.drain(batch, 0);
        while (queue.isEmpty() && !(ended && marked) && n + 2 <= batch.length) {
            n = !marked && (ended || operations == extent.warmup()) ? mark(batch, n) : operations(batch, n);
        }
        return n;
    }

    private int mark(long[] batch, int n) {
        marked = true;
        batch[n] = GuestOp.mark(0);
        return n + 1;
    }

    private int operations(long[] batch, int n) {
        long untilEvent = events.next() - operations;
        long untilStop = (marked ? extent.operations() : extent.warmup()) - operations;
        int end = untilEvent <= 0 ? event(batch, n) : references(batch, n, Math.min(untilEvent, untilStop));
        ended |= operations == extent.operations();
        return end;
    }

    /** The process that runs at present. */
    int process() {
        return process;
    }

    /** Before anything is made: that process runs first. */
    void begin(int first) {
        process = first;
    }

    @Override
    public long[] position() {
        long[] position = {operations, references, recentGva, process, marked ? 1 : 0, ended ? 1 : 0};
        position = Longs.join(position, events.position());
        for (ReferenceSource source : processes) {
            position = Sections.add(position, source.position());
        }
        for (Loader loader : loaders) {
            position = Sections.add(position, loader.position());
        }
        return Sections.add(position, queue.toArray());
    }

    @Override
    public void seek(long[] position) {
        operations = position[0];
        references = position[1];
        recentGva = position[2];
        process = (int) position[3];
        marked = position[4] != 0;
        ended = position[5] != 0;
        events.seek(position, 6);
        Sections sections = new Sections(position, 6 + events.positionLongs());
        for (ReferenceSource source : processes) {
            source.seek(sections.next());
        }
        for (Loader loader : loaders) {
            loader.seek(sections.next());
        }
        queue.set(sections.next());
    }

    @Override
    public void close() {
        processes.forEach(ReferenceSource::close);
    }

    private int event(long[] batch, int n) {
        int due = events.due();
        int next = process + 1 == processes.size() ? 0 : process + 1;
        int end = events.emit(due, batch, n, next, recentGva);
        process = events.isSwitch(due) ? next : process;
        operations++;
        return end;
    }

    private int references(long[] batch, int n, long most) {
        ReferenceSource source = processes.get(process);
        int room = Math.min(PIECE, (batch.length - n) / 2);
        int wanted = (int) Math.min(Math.min(room, most), maxReferences - references);
        long before = source.made();
        int end = source.fill(batch, n, wanted);
        long made = source.made() - before;
        operations += made;
        references += made;
        ended = made < wanted || references == maxReferences;
        if (made == 0) {
            return n;
        }
        recentGva = GuestOp.canonical(batch[end - 1]); // also the last word of a wide one is an address
        return loaders.length > 0 && source.mayTouchNewPages() ? premap(batch, n, end) : end;
    }

    /** From the first reference to a new page on, the operations take the way through the queue. */
    private int premap(long[] batch, int from, int end) {
        Loader loader = loaders[process];
        int first = loader.hasWork() ? loader.firstNew(batch, from, end) : end;
        for (int i = first; i < end; i += GuestOp.words(batch[i])) {
            loader.load(batch, i, queue);
        }
        return queue.drain(batch, first);
    }
}

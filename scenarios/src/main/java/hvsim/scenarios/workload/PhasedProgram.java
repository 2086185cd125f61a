package hvsim.scenarios.workload;

import hvsim.cpu.GuestOp;
import hvsim.cpu.OpStream;
import java.util.List;

/**
 * Programs one after the other, with a MARK word before each but the first. The process that runs at the end of one
 * runs at the beginning of the next.
 */
public final class PhasedProgram implements OpStream, AutoCloseable {
    private final List<Program> phases;
    private int current;

    /** @param phases at least one, all with the same number of processes */
    public PhasedProgram(List<Program> phases) {
        this.phases = List.copyOf(phases);
    }

    @Override
    public int fill(long[] batch) {
        int n = phases.get(current).fill(batch);
        if (n > 0 || current + 1 == phases.size()) {
            return n;
        }
        phases.get(current + 1).begin(phases.get(current).process());
        current++;
        batch[0] = GuestOp.mark(current);
        return 1;
    }

    @Override
    public long[] position() {
        long[] position = {current};
        for (Program phase : phases) {
            position = Sections.add(position, phase.position());
        }
        return position;
    }

    @Override
    public void seek(long[] position) {
        current = (int) position[0];
        Sections sections = new Sections(position, 1);
        phases.forEach(phase -> phase.seek(sections.next()));
    }

    @Override
    public void close() {
        phases.forEach(Program::close);
    }
}

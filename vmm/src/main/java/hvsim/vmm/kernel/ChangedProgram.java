package hvsim.vmm.kernel;

import hvsim.cpu.GuestOp;
import hvsim.cpu.OpStream;

/** A workload whose kernel's instructions are those of a changed kernel. */
final class ChangedProgram implements OpStream {
    private final OpStream original;
    private final ChangedCode code;

    ChangedProgram(OpStream original, ChangedCode code) {
        this.original = original;
        this.code = code;
    }

    @Override
    public int fill(long[] batch) {
        int length = original.fill(batch);
        for (int at = 0; at < length; at += GuestOp.words(batch[at])) {
            batch[at] = code.changed(batch[at]);
        }
        return length;
    }

    @Override
    public long[] position() {
        return original.position();
    }

    @Override
    public void seek(long[] position) {
        original.seek(position);
    }
}

package hvsim.vmm.kernel;

import hvsim.cpu.GuestOp;
import hvsim.cpu.instruction.Instruction;

/** What waits to be asked for in as few hypercalls as may be: updates of tables, then all else in its order. */
final class Multicall {
    private final int batch;
    private final LongStack others = new LongStack();
    private int updates;
    private int tables;
    private int refused;

    /** @param batch the most operations that one hypercall carries */
    Multicall(int batch) {
        this.batch = batch;
    }

    /** Operations that wait. */
    int size() {
        return updates + others.size() / 2;
    }

    void update() {
        updates++;
    }

    /** Of the updates that wait, one more links a new table in. */
    void linkTable() {
        tables++;
    }

    /** Of the updates that wait, one more will be refused. */
    void refuse() {
        refused++;
    }

    void add(Hypercall call, long argument) {
        add(GuestOp.instructionWithValue(Instruction.SYSCALL, 0, call.number()), argument);
    }

    /** An instruction that stands for the call. */
    void add(long instruction, long value) {
        others.push(GuestOp.call(instruction));
        others.push(value);
    }

    /** Writes the hypercalls into a program; nothing waits any more. */
    void make(KernelCode code) {
        int room = 0;
        while (updates > 0) {
            int entries = Math.min(batch, updates);
            MmuUpdates some = new MmuUpdates(entries, Math.min(entries, tables), Math.min(entries, refused));
            code.add(
                    GuestOp.call(GuestOp.instructionWithValue(Instruction.SYSCALL, 0, Hypercall.MMU_UPDATE.number())),
                    some.packed());
            updates -= some.entries();
            tables -= some.tables();
            refused -= some.refused();
            room = batch - entries;
        }
        for (int i = 0; i < others.size(); i += 2) {
            code.add(room > 0 ? GuestOp.joined(others.get(i)) : others.get(i), others.get(i + 1));
            room = room > 0 ? room - 1 : batch - 1;
        }
        others.clear();
        tables = 0;
        refused = 0;
    }
}

package hvsim.multiqueue.bus;

import hvsim.tlb.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.function.Consumer;

/** Takes the state of one object into another by way of bytes. */
public final class SavedState {
    private SavedState() {}

    public static void copy(Consumer<Snapshot> from, Consumer<Snapshot> to) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        from.accept(Snapshot.savingTo(new DataOutputStream(bytes)));
        ByteArrayInputStream in = new ByteArrayInputStream(bytes.toByteArray());
        to.accept(Snapshot.loadingFrom(new DataInputStream(in)));
        if (in.available() != 0) {
            throw new AssertionError(in.available() + " bytes were saved but not loaded");
        }
    }
}

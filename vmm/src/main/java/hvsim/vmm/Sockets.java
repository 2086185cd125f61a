package hvsim.vmm;

import hvsim.ept.cache.CoreCaches;
import hvsim.ept.cache.SocketCaches;
import hvsim.tlb.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The caches of each socket, in front of an equal part of the memory each; nothing where walks meet no caches. */
final class Sockets {
    private final List<SocketCaches> sockets = new ArrayList<>();
    private final MachineSpec machine;

    Sockets(MachineSpec spec) {
        machine = spec;
        long part = spec.socketMemoryBytes();
        spec.core().caches().ifPresent(caches -> {
            for (int socket = 0; socket < spec.sockets(); socket++) {
                sockets.add(new SocketCaches(caches, socket * part, (socket + 1) * part));
            }
        });
    }

    /** A view of the hierarchy for one core, by its number; null where there is none. */
    @Nullable
    CoreCaches cachesOf(int core) {
        return sockets.isEmpty() ? null : sockets.get(machine.socketOf(core)).newCore();
    }

    void transfer(Snapshot snapshot) {
        sockets.forEach(socket -> socket.transfer(snapshot));
    }
}

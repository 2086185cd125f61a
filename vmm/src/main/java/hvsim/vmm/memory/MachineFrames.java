package hvsim.vmm.memory;

import hvsim.tlb.Snapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The frames of a machine's memory, of which each socket has an equal part near it. Each share of them is near one
 * socket: when nothing is left there, it goes on at the next.
 *
 * <pre>
 *   0             part           2 part          3 part
 *   +--------------+--------------+--------------+
 *   |  socket 0    |  socket 1    |  socket 2    |      near socket 1: from 1, then 2, then 0
 *   +--------------+--------------+--------------+
 * </pre>
 */
public final class MachineFrames {
    private static final int HYPERVISOR = 0;

    private final List<FrameAllocator> parts = new ArrayList<>();
    private final List<Frames> ofHypervisor = new ArrayList<>();

    /** @param partBytes that each socket has */
    public MachineFrames(int sockets, long partBytes) {
        for (int socket = 0; socket < sockets; socket++) {
            long first = socket * partBytes;
            parts.add(new FrameAllocator(first, first + partBytes, sockets * partBytes, "the machine's memory"));
        }
        for (int socket = 0; socket < sockets; socket++) {
            ofHypervisor.add(of(HYPERVISOR, socket));
        }
    }

    /** A new share, near that socket. */
    public Frames of(int owner, int socket) {
        List<FrameAllocator> nearestFirst = new ArrayList<>(parts);
        Collections.rotate(nearestFirst, -socket);
        return new Frames(nearestFirst, owner);
    }

    /** The hypervisor's share near that socket. */
    public Frames ofHypervisor(int socket) {
        return ofHypervisor.get(socket);
    }

    /** Owner of the frame at {@code hpa}, or {@link FrameAllocator#NOBODY}. */
    int ownerOf(long hpa) {
        int owner = FrameAllocator.NOBODY;
        for (int socket = 0; owner == FrameAllocator.NOBODY && socket < parts.size(); socket++) {
            owner = parts.get(socket).ownerOf(hpa);
        }
        return owner;
    }

    public void transfer(Snapshot snapshot) {
        parts.forEach(part -> part.transfer(snapshot));
        ofHypervisor.forEach(share -> share.transfer(snapshot));
    }
}

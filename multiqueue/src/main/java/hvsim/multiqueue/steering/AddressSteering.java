package hvsim.multiqueue.steering;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Frames by whom they are addressed to: an address and a VLAN belong to a VM's pool of queues (VMDq) or to a virtual
 * function (SR-IOV). The pool or function has a steering of its own.
 */
public final class AddressSteering implements Steering {
    /** @param vlan {@link Frame#NO_VLAN} for frames without a tag */
    public record Address(long destination, int vlan) {
        public Address {
            if (destination >>> 48 != 0) {
                throw new IllegalArgumentException("a MAC address has 48 bits");
            }
            if (vlan < 0 || vlan > 4094) {
                throw new IllegalArgumentException("a VLAN is 0 (no tag) to 4094, not " + vlan);
            }
        }
    }

    private static final Steering DROP = frame -> NO_QUEUE;

    private final Map<Address, Steering> pools;
    private final Steering others;

    /** @param others of frames that no pool is addressed by; {@link #dropping} for an adapter without a default pool */
    public AddressSteering(Map<Address, Steering> pools, Steering others) {
        this.pools = Collections.unmodifiableMap(new LinkedHashMap<>(pools));
        this.others = others;
    }

    public static AddressSteering dropping(Map<Address, Steering> pools) {
        return new AddressSteering(pools, DROP);
    }

    @Override
    public int queueOf(Frame frame) {
        return pools.getOrDefault(new Address(frame.destination(), frame.vlan()), others)
                .queueOf(frame);
    }
}

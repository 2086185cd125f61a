package hvsim.vmm.device;

/**
 * A device of the machine: a network adapter of the e1000 kind.
 *
 * @param bitsPerSecond of its line, each way
 * @param clockHz of the machine
 * @param readCycles that a processor waits for a register's value
 * @param writeCycles of a write to a register
 */
public record DeviceSpec(String name, long bitsPerSecond, long clockHz, long readCycles, long writeCycles) {
    public DeviceSpec {
        if (bitsPerSecond < 1 || clockHz < 1 || readCycles < 0 || writeCycles < 0) {
            throw new IllegalArgumentException(name + ": a rate is not positive, or a time is negative");
        }
    }
}

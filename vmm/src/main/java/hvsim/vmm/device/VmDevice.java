package hvsim.vmm.device;

import hvsim.multiqueue.nic.GigabitController;
import hvsim.tlb.Snapshot;
import hvsim.vmm.kernel.NicCounts;
import org.jspecify.annotations.Nullable;

/** A device as one VM has it, and what is counted of it. */
public final class VmDevice {
    private final String name;
    private final NicCounts driver;
    private final GigabitController real;
    private final @Nullable EmulatedDevice emulated;
    private final DeviceExits none = new DeviceExits();
    private long startCycle;
    private long dropsBefore;
    private long interruptsBefore;

    /** Of the whole time, once the VM has ended. */
    private boolean ended;

    private long endCycle;
    private long drops;
    private long interrupts;

    /**
     * @param driver what the VM's driver counts
     * @param emulated what the driver drives, if that is not the real one
     */
    VmDevice(String name, NicCounts driver, MachineDevice real, @Nullable EmulatedDevice emulated) {
        this.name = name;
        this.driver = driver;
        this.real = real.controller();
        this.emulated = emulated;
    }

    /** In the machine. */
    public String name() {
        return name;
    }

    /** What the VM's kernel does next it does at that cycle. */
    public void at(long cycle) {
        driver.at(cycle);
    }

    /** What was counted so far was the warm-up. */
    public void startCounting(long cycle) {
        startCycle = cycle;
        driver.clear();
        exits().clear();
        dropsBefore = deviceDrops();
        interruptsBefore = seen().interrupts();
    }

    /** The VM's programs have ended: what still comes is for nobody. */
    public void end(long cycle) {
        endCycle = cycle;
        drops = drops();
        interrupts = interrupts();
        ended = true;
    }

    private long drops() {
        return ended ? drops : deviceDrops() - dropsBefore;
    }

    private long interrupts() {
        return ended ? interrupts : seen().interrupts() - interruptsBefore;
    }

    public DeviceStats stats(long cycle) {
        return new DeviceStats(
                driver.received(),
                driver.sent(),
                driver.bytes(),
                driver.unsent() + drops(),
                interrupts(),
                Math.max((ended ? endCycle : cycle) - startCycle, 0),
                exits().byReason(),
                driver.latencies());
    }

    private GigabitController seen() {
        return emulated == null ? real : emulated.model();
    }

    private DeviceExits exits() {
        return emulated == null ? none : emulated.exits();
    }

    private long deviceDrops() {
        long ofReal = real.lineDrops() + real.received().drops();
        return emulated == null
                ? ofReal
                : ofReal + emulated.hostDrops() + emulated.model().received().drops();
    }

    /** Without what its driver counts, which its kernel saves. */
    public void transfer(Snapshot snapshot) {
        startCycle = snapshot.transfer(startCycle);
        dropsBefore = snapshot.transfer(dropsBefore);
        interruptsBefore = snapshot.transfer(interruptsBefore);
        ended = snapshot.transfer(ended);
        endCycle = snapshot.transfer(endCycle);
        drops = snapshot.transfer(drops);
        interrupts = snapshot.transfer(interrupts);
    }
}

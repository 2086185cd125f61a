package hvsim.scenarios.run;

import hvsim.multiqueue.arrival.ArrivalProcess;
import hvsim.multiqueue.arrival.NoArrivals;
import hvsim.multiqueue.arrival.PoissonArrivals;
import hvsim.multiqueue.arrival.RegularArrivals;
import hvsim.multiqueue.arrival.SyntheticFrames;
import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.steering.Flow;
import hvsim.multiqueue.steering.Frame;
import hvsim.scenarios.file.MachineConfig;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.VmConfig;
import hvsim.scenarios.file.VmDeviceConfig.TrafficConfig;
import hvsim.scenarios.workload.Seeds;
import hvsim.vmm.device.DeviceSpec;
import hvsim.vmm.device.VmDeviceSpec;
import java.util.ArrayList;
import java.util.List;

/** Devices of a machine, and of its VMs, by their numbers in the order of the file. */
final class DeviceSpecs {
    private DeviceSpecs() {}

    static List<DeviceSpec> ofMachine(MachineConfig machine) {
        Clock clock = new Clock(machine.clock());
        List<DeviceSpec> all = new ArrayList<>();
        machine.devices()
                .forEach((name, device) -> all.add(new DeviceSpec(
                        name,
                        device.speed().bitsPerSecond(),
                        machine.clock().hertz(),
                        clock.cycles(device.registerRead()),
                        clock.cycles(device.registerWrite()))));
        return all;
    }

    /** @param name of the VM */
    static List<VmDeviceSpec> ofVm(Scenario scenario, String name, VmConfig vm) {
        List<String> numbers = List.copyOf(scenario.machine().devices().keySet());
        List<VmDeviceSpec> all = new ArrayList<>();
        vm.devices().forEach((device, use) -> {
            TrafficConfig traffic = use.traffic();
            long seed = Seeds.derive(scenario.run().seed(), name + "/" + device);
            Frame frame = new Frame((int) traffic.size().bytes(), 0, Frame.NO_VLAN, Flow.NONE);
            all.add(new VmDeviceSpec(
                    numbers.indexOf(device),
                    new SyntheticFrames(
                            arrivals(traffic, scenario.machine().clock().hertz(), seed),
                            List.of(frame),
                            new RandomStream(seed)),
                    (int) traffic.reply().bytes()));
        });
        return all;
    }

    private static ArrivalProcess arrivals(TrafficConfig traffic, long clockHz, long seed) {
        if (traffic.receive().perSecond() == 0) {
            return new NoArrivals();
        }
        double gap = (double) clockHz / traffic.receive().perSecond();
        return switch (traffic.arrivals()) {
            case POISSON -> new PoissonArrivals(gap, new RandomStream(seed));
            case REGULAR -> new RegularArrivals(gap);
        };
    }
}

package hvsim.scenarios.file;

import hvsim.scenarios.file.VmDeviceConfig.TrafficConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code devices}: of a machine, and of a VM. */
final class DevicesReader {
    /** Of a line that nothing says the speed of: that of the adapters which are modelled. */
    private static final Bandwidth SPEED = new Bandwidth(1_000_000_000L);

    /** From a processor over PCI Express to an adapter and back, and to where a write is on its way (assumed). */
    private static final Time REGISTER_READ = new Time(500);

    private static final Time REGISTER_WRITE = new Time(50);

    private static final long MOST_NANOS = 100_000;
    private static final long LEAST_BYTES = 60;

    /** Of a buffer. */
    private static final long MOST_BYTES = 2048;

    private static final int MOST_DEVICES = 16;

    private DevicesReader() {}

    static Map<String, DeviceConfig> ofMachine(Section machine) {
        Section devices = machine.section("devices");
        Map<String, DeviceConfig> all = new LinkedHashMap<>();
        for (String name : devices.names()) {
            if (!Kind.NAME.matcher(name).matches()) {
                devices.fault(name, "is no name for a device", "a letter, then letters, digits, _ and -; at most 40");
            }
            all.put(name, device(devices.section(name)));
        }
        if (all.size() > MOST_DEVICES) {
            machine.fault("devices", all.size() + " devices", "at most " + MOST_DEVICES);
        }
        devices.close();
        hideEmpty(machine, all);
        return all;
    }

    private static void hideEmpty(Section owner, Map<String, ?> all) {
        if (all.isEmpty()) {
            owner.hide("devices");
        }
    }

    private static DeviceConfig device(Section device) {
        DeviceKind kind = device.required("kind", DeviceKind.NIC, Kind.choice(DeviceKind.class));
        Bandwidth speed = device.value("speed", SPEED, Bandwidth::parse);
        Sharing sharing = device.value("sharing", Sharing.NONE, Kind.choice(Sharing.class));
        Time read = device.value("register_read", REGISTER_READ, Kind.time(0, MOST_NANOS));
        Time write = device.value("register_write", REGISTER_WRITE, Kind.time(0, MOST_NANOS));
        device.close();
        return new DeviceConfig(kind, speed, sharing, read, write);
    }

    /** @param usual technique, where the VM says none */
    static Map<String, VmDeviceConfig> ofVm(Section vm, DeviceTechnique usual) {
        Section devices = vm.section("devices");
        Map<String, VmDeviceConfig> all = new LinkedHashMap<>();
        for (String name : devices.names()) {
            Section device = devices.section(name);
            DeviceTechnique technique = device.value("technique", usual, Kind.choice(DeviceTechnique.class));
            TrafficConfig traffic = traffic(device.section("traffic"));
            device.close();
            all.put(name, new VmDeviceConfig(technique, traffic));
        }
        devices.close();
        hideEmpty(vm, all);
        return all;
    }

    private static TrafficConfig traffic(Section traffic) {
        TimeRate receive = traffic.required("receive", new TimeRate(0), TimeRate::parse);
        Bytes size = traffic.value("size", new Bytes(1500), Kind.bytes(LEAST_BYTES, MOST_BYTES, 1));
        Bytes reply = traffic.value("reply", new Bytes(0), Kind.bytes(0, MOST_BYTES, 1));
        Arrivals arrivals = traffic.value("arrivals", Arrivals.POISSON, Kind.choice(Arrivals.class));
        traffic.close();
        return new TrafficConfig(receive, size, reply, arrivals);
    }
}

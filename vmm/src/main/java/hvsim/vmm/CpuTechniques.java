package hvsim.vmm;

import hvsim.vmm.cpu.CpuTechnique;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HypervisorSpec;
import hvsim.vmm.cpu.ParavirtualSpec;
import hvsim.vmm.cpu.Platform;
import hvsim.vmm.cpu.TranslatingSpec;
import hvsim.vmm.cpu.deprivileged.BinaryTranslation;
import hvsim.vmm.cpu.deprivileged.Paravirtual;
import hvsim.vmm.cpu.deprivileged.TrapAndEmulate;
import hvsim.vmm.cpu.hardware.HardwareAssisted;
import hvsim.vmm.device.DeviceSetup;

/** Which way of running guests a hypervisor's shape means: a line for each. */
final class CpuTechniques {
    private CpuTechniques() {}

    static CpuTechnique of(HypervisorSpec hypervisor, Platform platform, DeviceSetup devices) {
        if (hypervisor instanceof HardwareSpec spec) {
            return new HardwareAssisted(platform, spec, devices);
        }
        if (!devices.isEmpty()) {
            throw new IllegalArgumentException("devices are emulated for guests in non-root mode only");
        }
        if (hypervisor instanceof DeprivilegedSpec spec) {
            return new TrapAndEmulate(platform, spec);
        }
        if (hypervisor instanceof TranslatingSpec spec) {
            return new BinaryTranslation(platform, spec);
        }
        if (hypervisor instanceof ParavirtualSpec spec) {
            return new Paravirtual(platform, spec);
        }
        throw new IllegalArgumentException("no technique has the shape " + hypervisor);
    }
}

package hvsim.vmm.kernel;

import hvsim.cpu.Vcpu;
import hvsim.cpu.state.Registers;
import java.util.List;

/** Where the kernel's programs run: each virtual processor has a stack of them. */
final class KernelPrograms {
    private final List<Vcpu> vcpus;
    private final KernelImage image;
    private final KernelPort port;

    KernelPrograms(List<Vcpu> vcpus, KernelImage image, KernelPort port) {
        this.port = port;
        this.vcpus = List.copyOf(vcpus);
        this.image = image;
    }

    boolean hasInterruptsOff(int vcpu) {
        return (vcpus.get(vcpu).registers().rflags & Registers.RFLAGS_IF) == 0;
    }

    /** An empty program that runs next on the virtual processor. */
    KernelCode push(int vcpu) {
        return new KernelCode(image, vcpu, vcpus.get(vcpu).pushKernelProgram(), port);
    }
}

package hvsim.scenarios.file;

import hvsim.cpu.event.TrapReason;
import hvsim.cpu.vmx.ExitReason;
import java.util.List;
import java.util.Map;

/** {@code hypervisor}: the software below the guests. */
public record HypervisorConfig(
        HypervisorType type,
        CpuTechnique cpu,
        MemoryTechnique memory,
        DeviceTechnique device,
        SchedulerConfig scheduler,
        Features features,
        HandlersConfig handlers,
        ShadowConfig shadow,
        TranslationConfig translation,
        ParavirtualConfig paravirtual,
        HostConfig host,
        ServiceVmConfig serviceVm,
        HypervisorCycles cycles) {

    /** Whether a privileged VM answers for the hypervisor. */
    public boolean hasServiceVm() {
        return cpu != CpuTechnique.NATIVE && type == HypervisorType.BARE_METAL && handlers.ports() == Ports.USER_SPACE;
    }

    /**
     * {@code hypervisor.host}: what a hosted hypervisor shares the machine with.
     *
     * @param applications processes that always have something to do, on each core
     */
    public record HostConfig(HostPassage passage, int applications) {}

    /**
     * {@code hypervisor.service_vm}: the privileged VM of a hypervisor on bare metal.
     *
     * @param pin the cores that it may run on, ascending; empty for all
     */
    public record ServiceVmConfig(List<Integer> pin, int weight) {}

    /** A hypervisor that runs on this one, in a guest; what it does not say of itself is as here. */
    HypervisorConfig inGuest(
            CpuTechnique itsCpu,
            MemoryTechnique itsMemory,
            Features itsFeatures,
            HandlersConfig itsHandlers,
            HypervisorCycles itsCycles) {
        return new HypervisorConfig(
                type,
                itsCpu,
                itsMemory,
                device,
                scheduler,
                itsFeatures,
                itsHandlers,
                shadow,
                translation,
                paravirtual,
                host,
                serviceVm,
                itsCycles);
    }

    public record SchedulerConfig(SchedulerPolicy policy, Time slice) {
        static final int DEFAULT_WEIGHT = 100;
    }

    /**
     * {@code hypervisor.handlers}: how its handlers are written.
     *
     * @param shortPath whether commands and deadlines of local APICs are handled ahead of the common path
     * @param timerAdvance how long before its deadline a guest's timer is looked after
     */
    public record HandlersConfig(Ports ports, boolean shortPath, Time timerAdvance) {}

    /**
     * {@code hypervisor.shadow}: how shadow tables are kept.
     *
     * @param roots how many address spaces of a VM keep their shadow tables
     * @param outOfSync whether guests write tables of pages freely until they drop translations
     * @param memory that the shadow tables of a VM may take
     */
    public record ShadowConfig(int roots, boolean outOfSync, Bytes memory) {}

    /**
     * {@code hypervisor.translation}: how guests' kernels are translated.
     *
     * @param codeCache room for the translations of a VM
     * @param chaining whether translations go on to each other by themselves
     * @param adaptive whether blocks whose writes trap often are translated anew
     */
    public record TranslationConfig(Bytes codeCache, boolean chaining, boolean adaptive) {}

    /**
     * {@code hypervisor.paravirtual}: how a changed kernel asks for what it wants.
     *
     * @param batch the most operations in one hypercall
     */
    public record ParavirtualConfig(int batch) {}

    /**
     * {@code hypervisor.cycles}: the software's own work; its memory references, VMREADs and table edits are
     * charged by the model.
     *
     * @param dispatch for every exit
     * @param userSpace for what is answered in user mode
     * @param worldSwitch from the hypervisor to its host, or back
     * @param translate for an instruction that is translated
     * @param lookUp by translated code, to find the translation of an address
     * @param shadow for a page fault, or a write, that shadow tables are asked about
     * @param reasons beyond that, by exit reason
     * @param traps the same of deprivileged guests
     */
    public record HypervisorCycles(
            int dispatch,
            int userSpace,
            int worldSwitch,
            int translate,
            int lookUp,
            int shadow,
            Map<ExitReason, Integer> reasons,
            Map<TrapReason, Integer> traps) {
        HypervisorCycles with(int itsDispatch, Map<ExitReason, Integer> itsReasons) {
            return new HypervisorCycles(
                    itsDispatch, userSpace, worldSwitch, translate, lookUp, shadow, itsReasons, traps);
        }
    }
}

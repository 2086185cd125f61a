package hvsim.vmm;

import hvsim.cpu.Core;
import hvsim.cpu.apic.InterruptCommand;
import java.util.List;

/** Carries interrupt messages from core to core; what a core sends to itself is there at once. */
final class InterruptRouter {
    private final List<Core> cores;
    private final int latencyCycles;

    InterruptRouter(List<Core> cores, int latencyCycles) {
        this.cores = List.copyOf(cores);
        this.latencyCycles = latencyCycles;
    }

    /** A core has written its interrupt command register. */
    void send(Core from, InterruptCommand command) {
        for (Core to : cores) {
            if (command.reaches(to.localApic().id(), from.localApic().id())) {
                to.events().messageAt(from.clock() + (to == from ? 0 : latencyCycles), command.message());
            }
        }
    }
}

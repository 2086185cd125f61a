package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.TranslationEvent;
import hvsim.cpu.Vcpu;
import hvsim.vmm.cpu.translation.Treatment;
import hvsim.vmm.memory.shadow.TableWrite;

/**
 * Writes of translated blocks whose writes often were writes to tables. One that is none is made as it stands. Else the
 * guest's entry and the shadow's are written in line, where that is all; more is called out for.
 */
final class CheckedWrites {
    private static final int TABLES_OFFSET = 192;

    private final TrapAndEmulate traps;
    private final int lookUpCycles;

    CheckedWrites(TrapAndEmulate traps, int lookUpCycles) {
        this.traps = traps;
        this.lookUpCycles = lookUpCycles;
    }

    /** The write that the kernel on a core stands at; returns whether it goes on, or has left for the hypervisor. */
    boolean make(Core core) {
        TableWrite write = traps.shadowOf(core.vcpu())
                .followInLine(core.vcpu(), core.translation().standsAtGva());
        return switch (Treatment.of(write)) {
            case IDENTICAL -> core.translation().writeIdentically();
            case IN_LINE -> {
                writeInLine(core, write);
                yield true;
            }
            case CALL_OUT -> {
                core.translation().callOutForWrite();
                yield false;
            }
        };
    }

    /** Which table it is, the guest's entry, and the shadow's: all in what the hypervisor has beyond the guest's segments. */
    private void writeInLine(Core core, TableWrite write) {
        Vcpu vcpu = core.vcpu();
        vcpu.counts().count(TranslationEvent.IN_LINE, 1);
        core.translation().touchState(traps.image().stateOf(vcpu.number()) + TABLES_OFFSET);
        core.translation().touchState(traps.image().guestEntries());
        core.translation().touchState(traps.image().ownEntries());
        core.translation().work(Treatment.operations(write, lookUpCycles));
        core.translation().goPastWrite();
    }
}

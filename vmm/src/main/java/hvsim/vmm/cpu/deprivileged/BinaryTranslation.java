package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelTranslation;
import hvsim.cpu.Program;
import hvsim.cpu.TranslationEvent;
import hvsim.cpu.Trap;
import hvsim.cpu.Vcpu;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.ExceptionVector;
import hvsim.ept.PageFaultCode;
import hvsim.ept.PageTable;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.CpuTechnique;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.Platform;
import hvsim.vmm.cpu.TranslatingSpec;
import hvsim.vmm.cpu.translation.Block;
import hvsim.vmm.cpu.translation.Blocks;
import hvsim.vmm.cpu.translation.Callout;
import hvsim.vmm.cpu.translation.CodeCache;
import hvsim.vmm.cpu.translation.TranslationSpec;
import hvsim.vmm.cpu.translation.Treatment;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MemoryTechnique;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The code of guests' kernels is translated while it runs, block by block, and what runs at CPL 1 is the translation; their
 * users run as they are. What traps all the same is answered as {@link TrapAndEmulate} does.
 *
 * <pre>
 *   a fetch of the kernel     translated? chained, or looked up, and fetched from the code cache
 *                             not yet?    callout, translation, and again
 *   an instruction            identical, in line, or callout: {@link Treatment}
 *   a write that faults       often?      its block is translated anew, and looks where its writes go: {@link CheckedWrites}
 *                             to code?    what was translated of that page is forgotten, and the page may be written
 * </pre>
 */
public final class BinaryTranslation implements CpuTechnique {
    private static final int STATE_OFFSET = 128;

    private final List<Core> cores;
    private final TranslationSpec spec;
    private final TrapAndEmulate traps;
    private final CheckedWrites writes;
    private final boolean leavesPorts;

    /** By the numbers of virtual processors: those of a VM share theirs. */
    private final List<CodeCache> caches = new ArrayList<>();

    /** By virtual processor, the stub under way: an instruction that no fetch has brought. */
    private final long[] stubs;

    public BinaryTranslation(Platform platform, TranslatingSpec spec) {
        this.cores = platform.cores();
        this.spec = spec.translation();
        this.leavesPorts = platform.host().answers();
        this.traps = new TrapAndEmulate(platform, spec.traps());
        this.writes = new CheckedWrites(traps, this.spec.lookUpCycles());
        this.stubs = new long[platform.guests().size()];
        Arrays.fill(stubs, Blocks.NONE);
        giveRoom(platform.guests(), platform.frames());
    }

    private void giveRoom(List<Guest> guests, Frames frames) {
        List<MemoryTechnique> vms = new ArrayList<>();
        for (Guest guest : guests) {
            if (!vms.contains(guest.memory())) {
                long first = traps.image().layout().translations() + vms.size() * spec.codeCacheBytes();
                vms.add(guest.memory());
                traps.image().space().map(first, (int) (spec.codeCacheBytes() / TranslationSpec.PAGE_BYTES), frames);
                caches.add(new CodeCache(spec, first));
            } else {
                caches.add(caches.get(caches.size() - 1));
            }
        }
    }

    @Override
    public void start() {
        cores.forEach(core -> core.translation().start());
        traps.start();
    }

    @Override
    public void runKernelCode(int number) {
        Core core = cores.get(number);
        if (core.translation().isAtWrite()) {
            write(number, core);
            return;
        }
        Operation operation = core.translation().operation();
        if (operation == null) {
            fetch(number, core);
        } else if (isInBlock(core.translation()) || enterStub(number, core, Blocks.stub(operation))) {
            execute(number, core, operation);
        }
    }

    private void write(int number, Core core) {
        if (!writes.make(core)) {
            handleExit(number);
        }
    }

    private static boolean isInBlock(KernelTranslation kernel) {
        return kernel.codeGva() != KernelTranslation.NO_CODE;
    }

    private void fetch(int number, Core core) {
        Block next = enter(
                number, core, core.translation().codeGva(), core.translation().standsAtGva());
        if (next != null) {
            core.translation().goPastFetch(next.checksWrites());
        }
    }

    /** Returns whether the virtual processor is in it now. */
    private boolean enterStub(int number, Core core, long gva) {
        int vcpu = core.vcpu().number();
        Block next = enter(number, core, stubs[vcpu], gva);
        if (next != null) {
            stubs[vcpu] = gva;
        }
        return next != null;
    }

    /** Goes on at an address of the kernel's code; null if it has to be translated first. */
    private @Nullable Block enter(int number, Core core, long from, long gva) {
        Vcpu vcpu = core.vcpu();
        CodeCache cache = caches.get(vcpu.number());
        Block next = cache.find(gva);
        if (next == null) {
            translate(number, core, gva);
            return null;
        }
        boolean isChained = cache.follow(from, next);
        vcpu.counts().count(isChained ? TranslationEvent.CHAINED : TranslationEvent.LOOKED_UP, 1);
        core.translation().work(isChained ? 0 : spec.lookUpCycles());
        core.translation().fetch(next.hva(), next.bytes());
        return next;
    }

    private void translate(int number, Core core, long gva) {
        Vcpu vcpu = core.vcpu();
        long gfn = traps.shadowOf(vcpu).gfnOf(vcpu, gva);
        int evicted = caches.get(vcpu.number()).translate(gva, gfn);
        vcpu.counts().count(TranslationEvent.TRANSLATED, 1);
        vcpu.counts().count(TranslationEvent.EVICTED, evicted);
        core.translation().callOut(null);
        vcpu.counts().exits().refine(core.deprivileging().trap().reason(), 0, Callout.TRANSLATE.number());
        addTranslation(core);
        if (gfn != PageTable.UNMAPPED) {
            traps.shadowOf(vcpu).watch(core, gfn, core.transitions().hostProgram());
        }
        traps.handleExit(number);
    }

    /** Reading the code, and writing what is made of it. */
    private void addTranslation(Core core) {
        Program program = core.transitions().hostProgram();
        traps.image().addTableReads(program, 1);
        program.add(GuestOp.work((long) Blocks.INSTRUCTIONS * spec.translateCycles()));
    }

    private void execute(int number, Core core, Operation operation) {
        switch (Treatment.of(operation.instruction(), leavesPorts)) {
            case IDENTICAL -> {
                if (!core.translation().executeIdentically()) {
                    handleExit(number);
                }
            }
            case IN_LINE -> emulateInLine(number, core, operation);
            case CALL_OUT -> callOut(number, core, operation);
        }
    }

    private void emulateInLine(int number, Core core, Operation operation) {
        Vcpu vcpu = core.vcpu();
        if (core.translation().emulateInLine() != null) {
            callOut(number, core, operation);
            return;
        }
        vcpu.counts().count(TranslationEvent.IN_LINE, 1);
        core.translation().touchState(traps.image().stateOf(vcpu.number()) + STATE_OFFSET);
        core.translation().work(Treatment.operations(operation.instruction()));
        if (Treatment.readsClock(operation.instruction())) {
            core.translation().work(operation.instruction());
        }
        if (vcpu.registers().pendingDebug != 0 || traps.isWaitedFor(vcpu)) {
            callOut(number, core, null);
            vcpu.counts().exits().refine(core.deprivileging().trap().reason(), 0, Callout.EVENT.number());
        }
    }

    private void callOut(int number, Core core, @Nullable Operation operation) {
        core.translation().callOut(operation);
        traps.handleExit(number);
    }

    /** A trap or a callout. */
    @Override
    public void handleExit(int number) {
        Core core = cores.get(number);
        Trap trap = core.deprivileging().trap();
        if (isPageFault(trap, PageFaultCode.WRITE)) {
            forgetWritten(trap);
        }
        if (isPageFault(trap, PageFaultCode.WRITE | PageFaultCode.PRESENT)
                && trap.vcpu().virtualCpl() == 0) {
            adapt(core, trap.vcpu());
        }
        traps.handleExit(number);
    }

    private static boolean isPageFault(Trap trap, int with) {
        return trap.event() != null
                && trap.event().is(ExceptionVector.PAGE_FAULT)
                && (trap.event().errorCode() & with) == with;
    }

    /** The guest writes code: it is translated again when it is next executed. */
    private void forgetWritten(Trap trap) {
        Vcpu vcpu = trap.vcpu();
        ShadowTraps shadow = traps.shadowOf(vcpu);
        long gfn = shadow.gfnOf(vcpu, trap.cause().information());
        if (shadow.unwatch(gfn)) {
            vcpu.counts()
                    .count(
                            TranslationEvent.INVALIDATED,
                            caches.get(vcpu.number()).forgetPage(gfn));
        }
    }

    private void adapt(Core core, Vcpu vcpu) {
        CodeCache cache = caches.get(vcpu.number());
        Block block = cache.find(core.translation().codeGva());
        if (block != null && cache.hasTrappedOften(block)) {
            vcpu.counts().count(TranslationEvent.EVICTED, cache.retranslate(block));
            vcpu.counts().count(TranslationEvent.RETRANSLATED, 1);
            addTranslation(core);
        }
    }

    @Override
    public void handleInterrupt(int core) {
        traps.handleInterrupt(core);
    }

    @Override
    public void isAlone(Vcpu vcpu, int by) {
        traps.isAlone(vcpu, by);
    }

    @Override
    public void end(int core) {
        traps.end(core);
    }

    @Override
    public void wake(int core, long cycle) {
        traps.wake(core, cycle);
    }

    @Override
    public boolean sleepsLightly() {
        return traps.sleepsLightly();
    }

    @Override
    public void transfer(Snapshot snapshot) {
        traps.transfer(snapshot);
        snapshot.transfer(stubs);
        caches.stream().distinct().forEach(cache -> cache.transfer(snapshot));
    }
}

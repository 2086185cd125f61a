package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import hvsim.ept.cache.CoreCaches;
import hvsim.tlb.Invalidation;
import hvsim.tlb.Tlb;
import hvsim.tlb.TlbTag;
import java.util.SplittableRandom;

/** Two virtual machines (or native kernels) with random tables on one processor, and the oracle of its walks. */
final class WalkWorld {
    final SplittableRandom random;
    final Shape shape;
    final NaiveMemory oracle = new NaiveMemory();
    final PhysicalMemory memory = new PhysicalMemory(RandomTables.BYTES);
    final RandomTables[] vms = new RandomTables[RandomTables.VMS];
    final TlbTag tags = new TlbTag();
    final WalkCaches caches;
    final NestedWalker walker;
    private final long seed;
    int vm;
    int space;
    Setting setting;

    WalkWorld(long seed, PagingMode mode, WalkSpec spec) {
        this(seed, mode, spec, WalkJournal.NONE, null);
    }

    WalkWorld(long seed, PagingMode mode, WalkSpec spec, WalkJournal journal, CoreCaches hierarchy) {
        this.seed = seed;
        random = new SplittableRandom(seed);
        shape = Shape.random(mode, random);
        for (int i = 0; i < vms.length; i++) {
            vms[i] = new RandomTables(memory, oracle, random, i, shape);
        }
        caches = new WalkCaches(spec);
        walker = new NestedWalker(memory, caches, shape.can(), journal, hierarchy);
        setting = vms[0].setting(0);
        enter(0, 0);
    }

    void enter(int newVm, int newSpace) {
        vm = newVm;
        space = newSpace;
        setting = vms[vm].setting(space).with(vms[vm].modified());
        setting.enter(walker, tags, vpid(vm), space);
        vms[vm].log().enter(walker.dirtyLog());
    }

    /** The hypervisor has read the log, and lets the guest go on with another index. */
    void emptyLog(int index) {
        vms[vm].log().index = index;
        vms[vm].log().enter(walker.dirtyLog());
    }

    void enterTlb(Tlb tlb) {
        int tag = tags.of(vpid(vm), space, setting.ep4ta());
        tlb.enter(tag, tags.of(vpid(vm), TlbTag.GLOBAL, setting.ep4ta()));
    }

    /** With EPT the guests share a VPID, as they may; else they have one each. */
    int vpid(int number) {
        return shape.nested() ? 1 : number;
    }

    /** Which modifiers of rights are set needs no other entry: they count at each access. */
    void modify() {
        setting = setting.with(vms[vm].modified());
    }

    /** What the next walk must end with; the oracle's memory is then as after it. */
    Seen expected(long gva, Access access) {
        return new Oracle(oracle, setting, vms[vm].log()).walk(gva, access);
    }

    Seen walk(long gva, Access access) {
        Walk walk = new Walk();
        walker.walk(gva, access.kind(), access.rights(setting.registers()), walk);
        return Seen.of(walk, gva);
    }

    /** Both load the registers of PAE paging as MOV to CR3 does; what is loaded does not come into use. */
    void comparePdptes() {
        long[] expectedPdptes = new long[4];
        long[] actualPdptes = new long[4];
        Seen expected = new Oracle(oracle, setting, vms[vm].log()).loadPdptes(expectedPdptes);
        Walk walk = new Walk();
        walker.loadPdptes(setting.root().cr3(), actualPdptes, walk);
        assertEquals(expected.toString(), Seen.withoutTranslation(walk).toString(), () -> seed + " " + setting);
        assertArrayEquals(expectedPdptes, actualPdptes, () -> seed + " " + setting);
    }

    boolean isPresent(Slot slot, long entry) {
        if (slot.guest()) {
            return (entry & 1) != 0;
        }
        return (entry & (shape.modeBasedExecute() ? 7 | 1 << 10 : 7)) != 0;
    }

    Invalidation invlpg(int number, Slot slot) {
        return Invalidation.invlpg(vpid(number), slot.space(), slot.address());
    }

    Invalidation invept(int number) {
        return Invalidation.inveptContext(vms[number].setting(0).ep4ta());
    }

    /** What any walk may have changed: entries, and the index of the log. */
    void compareState(long gva, Access access) {
        NaiveLog log = vms[vm].log();
        if (log.isKept() && log.index != walker.dirtyLog().index()) {
            fail(told(gva, access) + "PML index " + walker.dirtyLog().index() + ", expected " + log.index);
        }
        for (Slot slot : vms[vm].slots) {
            long hpa = slot.hpa() & -8;
            if (oracle.read(hpa) != memory.read(hpa)) {
                fail(told(gva, access) + slot + "\n" + oracle.differences(memory));
            }
        }
    }

    /** All words, also of the log; no frame has content that the oracle knows nothing of. */
    void compareMemory() {
        String differences = oracle.differences(memory);
        if (!differences.isEmpty()) {
            fail("world " + seed + "\n" + differences);
        }
    }

    /** How to get here again, and what is here. */
    String told(long gva, Access access) {
        String reads = oracle.readsOf(() -> expected(gva, access));
        return String.format(
                "world %d, vm %d, space %d%n%s%n%s%n%s at %x; now it reads:%n%s",
                seed, vm, space, shape, setting, access, gva, reads);
    }
}

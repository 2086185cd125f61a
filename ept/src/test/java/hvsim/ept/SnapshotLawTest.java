package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hvsim.tlb.Snapshot;
import hvsim.tlb.TlbTag;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.HashMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Run N, save, load, run M equals run N + M. */
class SnapshotLawTest {
    private static final WalkSpec.StructureCache CACHE = new WalkSpec.StructureCache(1, 2, 4);
    private static final WalkSpec SPEC = new WalkSpec(CACHE, CACHE, 20);

    /** Everything of this module that has state. */
    private static final class Machine {
        final PhysicalMemory memory = new PhysicalMemory(RandomTables.BYTES);
        final TlbTag tags = new TlbTag();
        final WalkCaches caches;
        final NestedWalker walker;

        Machine(WalkSpec spec) {
            caches = new WalkCaches(spec);
            walker = new NestedWalker(memory, caches);
        }

        void transfer(Snapshot snapshot) {
            memory.transfer(snapshot);
            tags.transfer(snapshot);
            caches.transfer(snapshot);
            walker.transfer(snapshot);
        }

        byte[] save() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            transfer(Snapshot.savingTo(new DataOutputStream(bytes)));
            return bytes.toByteArray();
        }

        void load(byte[] state) {
            ByteArrayInputStream in = new ByteArrayInputStream(state);
            transfer(Snapshot.loadingFrom(new DataInputStream(in)));
            assertEquals(0, in.available());
        }
    }

    @Test
    void aLoadedMachineGoesOnAsTheSavedOne() {
        for (int seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            boolean nested = seed % 4 != 0;
            Machine saved = new Machine(SPEC);
            RandomTables tables = new RandomTables(saved.memory, new HashMap<>(), random, 0, nested);
            enter(saved, tables, nested, seed % 2 != 0);
            for (int i = 0; i < 50; i++) {
                walk(saved, tables.gva(), Access.random(random));
            }
            Machine loaded = new Machine(SPEC);
            loaded.memory.write(RandomTables.BYTES - 8, 1);
            loaded.load(saved.save());
            assertArrayEquals(saved.save(), loaded.save());
            for (int i = 0; i < 50; i++) {
                long gva = tables.gva();
                Access access = Access.random(random);
                assertEquals(walk(saved, gva, access), walk(loaded, gva, access));
            }
            assertEquals(saved.walker.stats(), loaded.walker.stats());
            assertArrayEquals(saved.save(), loaded.save());
        }
    }

    private static void enter(Machine m, RandomTables t, boolean nested, boolean accessedDirty) {
        if (nested) {
            int tag = m.tags.of(1, 0, t.eptRoot);
            m.walker.enterNested(
                    TwoStages.LONG,
                    t.cr3[0],
                    TwoStages.NO_PDPTES,
                    tag,
                    EptPointer.pack(t.eptRoot, 4, accessedDirty),
                    false,
                    m.tags.ofGuestPhysical(t.eptRoot));
        } else {
            m.walker.enterNative(TwoStages.LONG, t.cr3[0], TwoStages.NO_PDPTES, m.tags.of(0, 0, TlbTag.NO_EP4TA));
        }
    }

    private record Seen(
            WalkOutcome outcome,
            long translation,
            int errorCode,
            long gpa,
            long qualification,
            int guest,
            int second) {}

    private static Seen walk(Machine m, long gva, Access access) {
        Walk w = new Walk();
        m.walker.walk(gva, access.need(), 0, access.fault(), w);
        return new Seen(
                w.outcome(),
                w.translation(),
                w.errorCode(),
                w.gpa(),
                w.qualification(),
                w.guestReferences(),
                w.secondStageReferences());
    }

    @Test
    void aStateOfOtherCachesIsRefused() {
        byte[] state = new Machine(SPEC).save();
        assertThrows(IllegalArgumentException.class, () -> new Machine(WalkSpec.UNCACHED).load(state));
    }
}

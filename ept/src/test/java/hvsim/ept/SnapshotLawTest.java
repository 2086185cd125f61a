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
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Run N, save, load, run M equals run N + M. */
class SnapshotLawTest {
    private static final int MACHINES = 20 / Integer.getInteger("hvsim.law.divisor", 1);
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

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void aLoadedMachineGoesOnAsTheSavedOne(PagingMode mode) {
        for (int seed = 0; seed < MACHINES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Shape shape = Shape.random(mode, random);
            Machine saved = new Machine(SPEC);
            RandomTables tables = new RandomTables(saved.memory, new NaiveMemory(), random, 0, shape);
            Setting setting = tables.setting(0);
            setting.enter(saved.walker, saved.tags, 1, 0);
            for (int i = 0; i < 50; i++) {
                walk(saved, setting, tables.gva(), Access.random(random));
            }
            Machine loaded = new Machine(SPEC);
            loaded.memory.write(RandomTables.BYTES - 8, 1);
            loaded.load(saved.save());
            assertArrayEquals(saved.save(), loaded.save());
            for (int i = 0; i < 50; i++) {
                long gva = tables.gva();
                Access access = Access.random(random);
                assertEquals(walk(saved, setting, gva, access), walk(loaded, setting, gva, access));
            }
            assertEquals(saved.walker.stats(), loaded.walker.stats());
            assertArrayEquals(saved.save(), loaded.save());
        }
    }

    private static Seen walk(Machine m, Setting setting, long gva, Access access) {
        Walk w = new Walk();
        m.walker.walk(gva, access.kind(), access.rights(setting.registers()), w);
        return Seen.of(w, gva);
    }

    @Test
    void aStateOfOtherCachesIsRefused() {
        byte[] state = new Machine(SPEC).save();
        assertThrows(IllegalArgumentException.class, () -> new Machine(WalkSpec.UNCACHED).load(state));
    }
}

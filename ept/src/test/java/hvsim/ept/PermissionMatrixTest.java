package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every combination of U/S, R/W and XD at the levels, by every kind of access, at both privileges, under every
 * combination of WP, SMEP, SMAP, AC and NXE (SDM vol. 3, 4.6 and 4.7), against the oracle.
 */
class PermissionMatrixTest {
    private static final long GVA = 0x1234_5678L;
    private static final long ROOT = 0x1000;
    private static final long PAGE = 1L << 30;
    private static final int ALL_RIGHTS = 3;
    private static final int EXECUTE_DISABLE = 4;
    private static final List<Access> ACCESSES = Combinations.accesses();

    @ParameterizedTest
    @CsvSource({
        "TWO_LEVEL, 1",
        "TWO_LEVEL, 2",
        "PAE, 1",
        "PAE, 2",
        "FOUR_LEVEL, 1",
        "FOUR_LEVEL, 2",
        "FOUR_LEVEL, 3",
        "FIVE_LEVEL, 1"
    })
    void upToTwoLevelsDeviate(PagingMode mode, int leaf) {
        matrix(mode, leaf, 2);
    }

    @ParameterizedTest
    @CsvSource({"FOUR_LEVEL, 1, 4", "FOUR_LEVEL, 2, 4", "FIVE_LEVEL, 1, 3"})
    @Tag("long")
    void moreLevelsDeviate(PagingMode mode, int leaf, int most) {
        matrix(mode, leaf, most);
    }

    private static void matrix(PagingMode mode, int leaf, int most) {
        Tables tables = new Tables(mode, leaf);
        List<int[]> combinations = Combinations.of(mode.levels() - leaf + 1, 8, ALL_RIGHTS, most);
        for (int[] rights : combinations) {
            tables.put(rights, 0);
            for (int controls = 0; controls < 32; controls++) {
                tables.scene.enter(tables.setting.with(controlled(tables.setting.registers(), controls)));
                ACCESSES.forEach(access -> tables.scene.check(GVA, access));
            }
        }
        assertEquals(combinations.size() * 32 * ACCESSES.size(), tables.scene.checks());
        assertTrue(tables.scene.translated() > combinations.size());
    }

    private static Registers controlled(Registers r, int controls) {
        long cr4 = r.cr4() | ((controls & 2) != 0 ? Registers.SMEP : 0) | ((controls & 4) != 0 ? Registers.SMAP : 0);
        return new Registers(
                r.cr0() & ~Registers.WP | ((controls & 1) != 0 ? Registers.WP : 0),
                cr4,
                r.efer() & ~Registers.NXE | ((controls & 16) != 0 ? Registers.NXE : 0),
                (controls & 8) != 0 ? Registers.AC : 0,
                r.pkru());
    }

    /** 4.6.2, with both rights of the key and of all others the other way round. */
    @Test
    void protectionKeys() {
        Tables tables = new Tables(PagingMode.FOUR_LEVEL, 1);
        for (int entry = 0; entry < 8 * 16; entry++) {
            int key = entry >>> 3;
            tables.put(new int[] {entry & 7, ALL_RIGHTS, ALL_RIGHTS, ALL_RIGHTS}, key);
            for (int controls = 0; controls < 32; controls++) {
                for (int keyed = 0; keyed < 8; keyed++) {
                    Registers r = controlled(tables.setting.registers(), controls);
                    int pkru = (keyed & 3) << 2 * key | (~keyed & 3) * 0x5555_5555 & ~(3 << 2 * key);
                    long cr4 = r.cr4() | ((keyed & 4) != 0 ? Registers.PKE : 0);
                    tables.scene.enter(tables.setting.with(new Registers(r.cr0(), cr4, r.efer(), r.rflags(), pkru)));
                    ACCESSES.forEach(access -> tables.scene.check(GVA, access));
                }
            }
        }
    }

    /** One path of native tables; all flags are set. */
    private static final class Tables {
        final Setting setting;
        final Scene scene;
        private final NaiveFormat format;
        private final int leaf;

        Tables(PagingMode mode, int leaf) {
            NaiveWalker.Root root = new NaiveWalker.Root(ROOT, ROOT | 1, ROOT | 1, ROOT | 1, ROOT | 1);
            setting = new Setting(Registers.of(mode), root, PagingCapability.ALL, Setting.NATIVE, false);
            scene = new Scene(setting);
            format = setting.format();
            this.leaf = leaf;
        }

        /** {@code rights} from the leaf on: R/W, U/S, XD. */
        void put(int[] rights, int key) {
            int levels = setting.registers().mode().levels();
            for (int level = levels; level >= leaf; level--) {
                int r = rights[level - leaf];
                long table = ROOT + 0x1000L * (levels - level);
                long e = 1 | (r & 3) << 1 | 1 << 5 | ((r & EXECUTE_DISABLE) != 0 ? 1L << 63 : 0);
                e |= level > leaf ? table + 0x1000 : PAGE | 1 << 6 | (leaf > 1 ? 1 << 7 : 0) | (long) key << 59;
                long entry = format.entryBytes() == 4 ? e & 0xFFFF_FFFFL : e;
                scene.put(format.entryAddress(table, GVA, level), format.entryBytes(), entry);
            }
        }
    }
}

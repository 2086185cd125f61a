package hvsim.vmm.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import hvsim.ept.GuestEntry;
import hvsim.ept.GuestPage;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.tlb.PageSize;
import hvsim.vmm.memory.NativeMemory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel's part of the address spaces of 32-bit guests. */
class KernelImageTest {
    private static final long BYTES = 64L << 20;
    private static final long GPA = 21L << 20;

    /** In a table of two levels that is an entry of the root itself, of which each process has its own. */
    @ParameterizedTest
    @EnumSource(names = {"BITS_32", "PAE"})
    void aLargePageOfTheKernelIsInTheTablesOfAllProcessesWhenItIsMapped(GuestMode mode) {
        SpaceLayout layout = SpaceLayout.of(mode);
        TableLayout tables = mode.tables(PageTable.LEVELS);
        NativeMemory memory = new NativeMemory(new PhysicalMemory(BYTES), tables);
        GuestFrames frames = new GuestFrames(
                new GuestMemorySpec("vm", BYTES, mode, GuestPage.KIB_4, PageSize.SIZE_4K, false), memory);
        long flags = KernelImage.flags(true);
        KernelPort.Memory ported = new BarePort().memory(frames, layout, flags);
        Processes processes = new Processes(KernelSpec.legacy(3, true), memory, frames, ported.tables(), layout, 1);
        KernelImage image = new KernelImage(layout, processes, frames, ported, flags, 1);
        for (int process = 0; process < 2; process++) {
            processes.space(process).create();
            image.linkInto(processes.space(process));
        }
        long gva = image.direct(GPA);
        processes.space(2).create();
        image.linkInto(processes.space(2));
        for (int process = 0; process < 3; process++) {
            PageTable table = processes.space(process).table();
            assertEquals(GPA, table.translate(gva), "process " + process);
            assertNotEquals(0, table.entry(gva, 2) & GuestEntry.PAGE);
        }
        assertNotEquals(processes.space(0).root(), processes.space(1).root());
    }
}

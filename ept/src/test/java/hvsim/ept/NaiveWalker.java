package hvsim.ept;

import static hvsim.ept.NaiveFormat.has;

import hvsim.ept.NaivePermissions.Page;
import hvsim.ept.NaiveSecondStage.Found;
import hvsim.ept.NaiveSecondStage.LinearAddress;
import hvsim.ept.NaiveSecondStage.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * The oracle of {@link NestedWalker}: recursive, without caches, entry by entry in the order of SDM vol. 3
 * (325384-059US), 4.3 to 4.8 and 28.2.
 */
final class NaiveWalker {
    private static final int ACCESSED = 1 << 5;
    private static final int DIRTY = 1 << 6;

    /** {@code shift}: size of the guest's page; 52 where no entry says one. */
    record Translated(long gpa, int shift, Page page, boolean dirty, boolean global, Found data) {}

    /** PAE paging's four registers (4.4.1), and CR3. */
    record Root(long cr3, long... pdptes) {}

    private final NaiveMemory memory;
    private final NaiveFormat format;
    private final Root root;
    private final @Nullable NaiveSecondStage secondStage;
    private final Access access;
    private final NaivePermissions permissions;
    int references;

    NaiveWalker(
            NaiveMemory memory, NaiveFormat format, Root root, @Nullable NaiveSecondStage secondStage, Access access) {
        this.memory = memory;
        this.format = format;
        this.root = root;
        this.secondStage = secondStage;
        this.access = access;
        this.permissions = new NaivePermissions(format.registers(), access);
    }

    /** @throws NaiveStop if it is not translated */
    Translated walk(long given) {
        if (!format.isCanonical(given)) {
            throw NaiveStop.nonCanonical();
        }
        long gva = format.linear(given);
        PagingMode mode = format.registers().mode();
        return switch (mode) {
            case OFF -> new Translated(gva, 52, Page.ALL, true, false, data(gva, LinearAddress.UNPAGED));
            case PAE -> descend(gva, 2, pageDirectory(root.pdptes()[(int) (gva >>> 30)]), Page.ALL, () -> {});
            case TWO_LEVEL, FOUR_LEVEL, FIVE_LEVEL ->
                descend(gva, mode.levels(), format.root(root.cr3()), Page.ALL, () -> {});
        };
    }

    /**
     * What MOV to CR3 loads with PAE paging (4.4.1; 28.2.1): all four are read from one place, with no linear address,
     * and never as a write.
     */
    long[] loadPdptes() {
        long gpa = root.cr3() & 0xFFFF_FFE0L;
        long hpa = secondStage == null
                ? gpa
                : secondStage
                        .translate(gpa, NaiveSecondStage.READ, Purpose.PDPTE_LOAD, LinearAddress.UNPAGED)
                        .hpa();
        long[] pdptes = new long[4];
        for (int i = 0; i < 4; i++) {
            pdptes[i] = memory.read(hpa + 8L * i);
            references++;
        }
        for (long pdpte : pdptes) {
            if (has(pdpte, 0) && (pdpte & format.reservedInPdpte()) != 0) {
                throw NaiveStop.reservedPdpte();
            }
        }
        return pdptes;
    }

    /** 4.4.2: a register, not memory; reserved bits were checked when it was loaded. */
    private long pageDirectory(long pdpte) {
        if (!has(pdpte, 0)) {
            throw permissions.notPresent();
        }
        return format.table(pdpte);
    }

    private Translated descend(long gva, int level, long table, Page above, Runnable flagsAbove) {
        long entryGpa = format.entryAddress(table, gva, level);
        Found entry = guestEntry(entryGpa, false);
        long e = memory.read(entry.hpa(), format.entryBytes());
        references++;
        if (!has(e, 0)) {
            throw permissions.notPresent();
        }
        if ((e & format.reserved(e, level)) != 0) {
            throw permissions.reservedBit();
        }
        boolean leaf = format.isLeaf(e, level);
        Page page = new Page(
                above.user() && has(e, 2),
                above.write() && has(e, 1),
                above.executeDisable() || format.executeDisabled(e),
                format.key(e));
        Runnable flags = () -> {
            flagsAbove.run();
            setFlags(entryGpa, entry, leaf && access.write() ? ACCESSED | DIRTY : ACCESSED);
        };
        if (!leaf) {
            return descend(gva, level - 1, format.table(e), page, flags);
        }
        permissions.check(page);
        flags.run();
        boolean dirty = has(memory.read(entry.hpa(), format.entryBytes()), 6);
        int shift = format.shift(level);
        long gpa = format.page(e, level) | gva & (1L << shift) - 1;
        LinearAddress address = new LinearAddress(page.user(), page.write(), page.executeDisable());
        return new Translated(gpa, shift, page, dirty, format.isGlobal(e), data(gpa, address));
    }

    /** 28.2.3.2: with accessed and dirty flags in the second stage, reading a guest's entry counts as a write too. */
    private Found guestEntry(long gpa, boolean write) {
        if (secondStage == null) {
            return unstaged(gpa);
        }
        boolean asWrite = write || secondStage.keepsAccessedDirty();
        long asked = NaiveSecondStage.READ | (asWrite ? NaiveSecondStage.WRITE : 0);
        return secondStage.translate(gpa, asked, Purpose.GUEST_ENTRY, LinearAddress.UNPAGED);
    }

    /** 4.8: sticky; only after the access was found allowed. A write that is needed goes through the second stage. */
    private void setFlags(long gpa, Found entry, long flags) {
        long e = memory.read(entry.hpa(), format.entryBytes());
        if ((e & flags) == flags) {
            return;
        }
        if ((entry.rights() & NaiveSecondStage.WRITE) == 0) {
            guestEntry(gpa, true);
        }
        memory.write(entry.hpa(), format.entryBytes(), e | flags);
    }

    private Found data(long gpa, LinearAddress address) {
        if (secondStage == null) {
            return unstaged(gpa);
        }
        long asked = (access.read() ? NaiveSecondStage.READ : 0)
                | (access.write() ? NaiveSecondStage.WRITE : 0)
                | (access.fetch() ? NaiveSecondStage.EXECUTE : 0);
        return secondStage.translate(gpa, asked, Purpose.TRANSLATION, address);
    }

    private static Found unstaged(long pa) {
        long all = NaiveSecondStage.READ
                | NaiveSecondStage.WRITE
                | NaiveSecondStage.EXECUTE
                | NaiveSecondStage.USER_EXECUTE;
        return new Found(pa, 52, all, true);
    }
}

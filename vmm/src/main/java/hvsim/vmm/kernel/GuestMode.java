package hvsim.vmm.kernel;

import hvsim.cpu.state.Registers;
import hvsim.ept.PagingMode;
import hvsim.ept.TableLayout;

/** The operating mode that a guest's processors are in, and how its kernel has set them up in it. */
public enum GuestMode {
    /** IA-32e mode: 64 bits, 4 or 5 levels of tables. */
    LONG {
        @Override
        public TableLayout tables(int pageLevels) {
            return TableLayout.ofLevels(pageLevels);
        }

        @Override
        void boot(Registers r) {
            // as registers are
        }
    },
    /** Protected mode with PAE paging: linear addresses of 32 bits, physical ones beyond. */
    PAE {
        @Override
        public TableLayout tables(int pageLevels) {
            return TableLayout.PAE;
        }

        @Override
        void boot(Registers r) {
            protect(r);
            r.cr4 = Registers.CR4_PAE | Registers.CR4_PGE;
            r.efer = Registers.EFER_NXE;
        }
    },
    /** Protected mode with 32-bit paging: two levels of tables, and pages of 4 MiB (CR4.PSE). */
    BITS_32 {
        @Override
        public TableLayout tables(int pageLevels) {
            return TableLayout.TWO_LEVEL;
        }

        @Override
        void boot(Registers r) {
            protect(r);
            r.cr4 = Registers.CR4_PSE | Registers.CR4_PGE;
            r.efer = 0;
        }
    },
    /** Real-address mode: linear addresses are physical ones. */
    REAL {
        @Override
        public PagingMode paging(int pageLevels) {
            return PagingMode.OFF;
        }

        /** There are none; these are the ones that lie behind, for a hypervisor that has to page. */
        @Override
        public TableLayout tables(int pageLevels) {
            return TableLayout.TWO_LEVEL;
        }

        @Override
        void boot(Registers r) {
            r.cr0 = Registers.CR0_ET;
            r.cr4 = 0;
            r.efer = 0;
            r.codeIs64Bit = false;
            r.idtrBase = 0;
            r.gdtrBase = 0;
            r.trSelector = 0;
            r.rflags |= Registers.RFLAGS_IF;
        }
    };

    private static final long LEGACY_IDT = 0xFF40_0000L;
    private static final long LEGACY_GDT = 0xFF40_1000L;

    /** How its addresses are translated, on a machine whose own tables have so many levels. */
    public PagingMode paging(int pageLevels) {
        return switch (tables(pageLevels)) {
            case TWO_LEVEL -> PagingMode.TWO_LEVEL;
            case PAE -> PagingMode.PAE;
            case FOUR_LEVEL -> PagingMode.FOUR_LEVEL;
            case FIVE_LEVEL -> PagingMode.FIVE_LEVEL;
        };
    }

    /** What kind of tables its kernel has, on a machine whose own have so many levels. */
    public abstract TableLayout tables(int pageLevels);

    /** What its kernel has done with registers before the first program runs. */
    abstract void boot(Registers r);

    /** An address of its kernel's, which users must not touch. */
    public long kernelAddress() {
        return SpaceLayout.of(this).text();
    }

    /** Whether it has protected mode without IA-32e mode: linear addresses have 32 bits. */
    public boolean isLegacy() {
        return this != LONG;
    }

    private static void protect(Registers r) {
        r.codeIs64Bit = false;
        r.idtrBase = LEGACY_IDT;
        r.gdtrBase = LEGACY_GDT;
    }
}

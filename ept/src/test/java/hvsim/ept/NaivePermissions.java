package hvsim.ept;

/** Which accesses a page allows, and what the error code of a page fault says: SDM vol. 3 (325384-059US), 4.6 and 4.7. */
record NaivePermissions(Registers registers, Access access) {
    private static final int PRESENT = 1;
    private static final int WRITE = 1 << 1;
    private static final int USER = 1 << 2;
    private static final int RESERVED = 1 << 3;
    private static final int FETCH = 1 << 4;
    private static final int PROTECTION_KEY = 1 << 5;

    /** What all entries that translate a linear address allow together, and the leaf's key. */
    record Page(boolean user, boolean write, boolean executeDisable, int key) {
        static final Page ALL = new Page(true, true, false, 0);
    }

    /** 4.7: fetches are told apart only where a page can forbid them. */
    private int ofAccess() {
        boolean fetchesTold =
                registers.cr4Has(Registers.SMEP) || registers.cr4Has(Registers.PAE) && registers.noExecute();
        return (access.write() ? WRITE : 0)
                | (access.isUserMode() ? USER : 0)
                | (access.fetch() && fetchesTold ? FETCH : 0);
    }

    NaiveStop notPresent() {
        return NaiveStop.pageFault(ofAccess());
    }

    NaiveStop reservedBit() {
        return NaiveStop.pageFault(ofAccess() | PRESENT | RESERVED);
    }

    /**
     * 4.7 says of bit 5 when it is set, whatever else forbids the access: with a key that does and another right missing,
     * both are told (doubtful: implementations may look at one of them first).
     */
    void check(Page page) {
        boolean byKey = isForbiddenByKey(page);
        if (byKey || !isAllowed(page)) {
            throw NaiveStop.pageFault(ofAccess() | PRESENT | (byKey ? PROTECTION_KEY : 0));
        }
    }

    /** 4.6.1, but for keys. */
    private boolean isAllowed(Page page) {
        if (access.isUserMode()) {
            return page.user() && (!access.write() || page.write()) && !(access.fetch() && page.executeDisable());
        }
        if (access.fetch()) {
            return !page.executeDisable() && !(page.user() && registers.cr4Has(Registers.SMEP));
        }
        if (page.user() && registers.cr4Has(Registers.SMAP) && !mayTouchUserPages()) {
            return false;
        }
        return !access.write() || page.write() || !registers.cr0Has(Registers.WP);
    }

    private boolean mayTouchUserPages() {
        return (registers.rflags() & Registers.AC) != 0 && !access.implicit();
    }

    /** 4.6.2: data at user-mode addresses, in IA-32e mode. */
    private boolean isForbiddenByKey(Page page) {
        if (!registers.mode().isLong() || !registers.cr4Has(Registers.PKE) || !page.user() || access.fetch()) {
            return false;
        }
        boolean accessDisable = (registers.pkru() >>> 2 * page.key() & 1) != 0;
        boolean writeDisable = (registers.pkru() >>> 2 * page.key() + 1 & 1) != 0;
        boolean writeProtect = access.isUserMode() || registers.cr0Has(Registers.WP);
        return accessDisable || writeDisable && access.write() && writeProtect;
    }
}

package hvsim.ept;

/**
 * An entry that means something.
 *
 * @param bytes 4 or 8
 * @param guest of the guest's (or native) tables, not of the second stage's
 * @param space which of the guest's roots it belongs to
 * @param address that it is for: linear for the guest's tables, else guest-physical
 * @param clean what was first in it
 */
record Slot(long hpa, int bytes, boolean guest, int space, long address, int level, boolean leaf, long clean) {
    @Override
    public String toString() {
        return String.format(
                "%s level %d%s at %x for %x",
                guest ? "guest" : "second stage", level, leaf ? " leaf" : "", hpa, address);
    }
}

package hvsim.vmm.kernel;

/** A processor of its own, or what behaves as one. */
final class BarePort implements KernelPort {
    @Override
    public PrivilegedCode in(KernelCode code) {
        return new BareCode(code);
    }

    @Override
    public Memory memory(GuestFrames frames, SpaceLayout layout, long flags) {
        return new Memory(new BareTables(frames), new LargePagesMap(flags));
    }
}

package hvsim.cpu.vmx;

import hvsim.tlb.Snapshot;

/**
 * What a processor keeps of a VMCS besides its fields: whether it is launched, and whether it is a shadow VMCS.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 24.1, 24.2 and 24.10.
 */
final class VmcsRegion {
    static final int CLEAR = 0;

    private final Vmcs vmcs = new Vmcs();

    /** {@link #CLEAR}, or the number of the time in VMX operation in which it was launched. */
    private int launchedIn = CLEAR;

    private boolean shadow;

    Vmcs vmcs() {
        return vmcs;
    }

    int launchedIn() {
        return launchedIn;
    }

    void launch(int session) {
        launchedIn = session;
    }

    boolean isShadow() {
        return shadow;
    }

    void setShadow(boolean isShadow) {
        shadow = isShadow;
    }

    void transfer(Snapshot snapshot) {
        vmcs.transfer(snapshot);
        launchedIn = snapshot.transfer(launchedIn);
        shadow = snapshot.transfer(shadow);
    }
}

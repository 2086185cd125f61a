package hvsim.cpu;

import hvsim.cpu.vmx.Vmcs;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/** The levels of virtualization that a virtual processor is at in turn: two, if its guest has a hypervisor of its own. */
public final class Levels {
    private final String owner;
    private final Level guest;

    /** That of its guest's own hypervisor, if that is a guest too. */
    private @Nullable Level guestHypervisor;

    private Level current;
    private final ReflectedExit reflected = new ReflectedExit();

    Levels(String owner, OpStream stream) {
        this.owner = owner;
        this.guest = new Level(owner, stream);
        this.current = guest;
    }

    /** Which of them it is at. */
    Level current() {
        return current;
    }

    Level guest() {
        return guest;
    }

    /** The guest's programs run under a hypervisor that is a guest itself: from now on there is a level between. */
    public void addGuestHypervisor() {
        guestHypervisor = new Level(owner + "'s hypervisor", new NoProgram());
    }

    /** It goes on, with the next entry, as the processor of its guest's own hypervisor. */
    public void enterGuestHypervisor() {
        if (guestHypervisor == null) {
            throw new IllegalStateException(owner + " has no hypervisor of its own");
        }
        current = guestHypervisor;
    }

    /** It goes on, with the next entry, as the guest's. */
    public void enterGuest() {
        current = guest;
    }

    /** Whether it is at the level between: its guest's own hypervisor runs. */
    public boolean isInGuestHypervisor() {
        return current != guest;
    }

    /** Whether it is at the guest of such a hypervisor. */
    public boolean isInNestedGuest() {
        return guestHypervisor != null && current == guest;
    }

    /** The exit of the guest that its own hypervisor is at work on. */
    ReflectedExit reflected() {
        return reflected;
    }

    /** Another VMCS is the current one of whoever is at work on this level. Returns the one that was. */
    public Vmcs use(Vmcs vmcs) {
        Vmcs before = current.vmcs;
        current.vmcs = vmcs;
        return before;
    }

    void transfer(Snapshot snapshot) {
        guest.transfer(snapshot);
        if (guestHypervisor != null) {
            guestHypervisor.transfer(snapshot);
            current = snapshot.transfer(current == guest) ? guest : guestHypervisor;
        }
        reflected.transfer(snapshot);
    }
}

package hvsim.cpu.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.state.ActivityState;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What happens between two instructions, against a list of the manual's sentences: SDM vol. 3, table 6-2, 25.2, 25.4.1,
 * 25.5, 26.7.
 */
class BoundaryPriorityLawTest {
    private static final int STEPS = 400_000 / Integer.getInteger("hvsim.law.divisor", 1);
    private static final List<VmxControl> CONTROLS = List.of(
            VmxControl.EXTERNAL_INTERRUPT_EXITING,
            VmxControl.NMI_EXITING,
            VmxControl.VIRTUAL_NMIS,
            VmxControl.ACTIVATE_PREEMPTION_TIMER,
            VmxControl.INTERRUPT_WINDOW_EXITING,
            VmxControl.NMI_WINDOW_EXITING,
            VmxControl.VIRTUAL_INTERRUPT_DELIVERY,
            VmxControl.ACTIVATE_SECONDARY_CONTROLS);

    private final Random random = new Random(25_04);

    /** All pieces of a situation by themselves, as the oracle wants them. */
    private record Facts(
            boolean guest,
            List<VmxControl> on,
            boolean interruptFlag,
            boolean sti,
            boolean movSs,
            boolean nmiBlocked,
            ActivityState activity) {
        boolean has(VmxControl control) {
            return guest && on.contains(control);
        }

        Situation situation() {
            Vmcs vmcs = new Vmcs();
            on.forEach(c -> vmcs.set(c, true));
            int bits = (sti ? 1 : 0) | (movSs ? 2 : 0) | (nmiBlocked ? 8 : 0);
            return new Situation(guest, vmcs, interruptFlag ? Registers.RFLAGS_IF | 2 : 2, bits, activity);
        }

        boolean open() {
            return interruptFlag && !sti && !movSs && !asleep();
        }

        boolean asleep() {
            return activity == ActivityState.SHUTDOWN || activity == ActivityState.WAIT_FOR_SIPI;
        }

        boolean waitsForSipi() {
            return activity == ActivityState.WAIT_FOR_SIPI;
        }

        boolean deliversVirtualInterrupts() {
            return has(VmxControl.ACTIVATE_SECONDARY_CONTROLS) && has(VmxControl.VIRTUAL_INTERRUPT_DELIVERY);
        }
    }

    private Facts draw() {
        boolean guest = random.nextInt(8) != 0;
        List<VmxControl> on =
                CONTROLS.stream().filter(c -> random.nextBoolean()).toList();
        ActivityState activity =
                random.nextInt(3) != 0 ? ActivityState.ACTIVE : ActivityState.byNumber(random.nextInt(4));
        return new Facts(
                guest,
                on,
                random.nextBoolean(),
                random.nextInt(4) == 0,
                random.nextInt(4) == 0,
                random.nextInt(3) == 0,
                activity);
    }

    private static boolean canNmiBeDelivered(Facts f) {
        return !f.has(VmxControl.NMI_EXITING) && !f.nmiBlocked && !f.movSs && !f.waitsForSipi();
    }

    /** Whether the NMI of the row of table I3 exits: with virtual NMIs always, else unless NMIs are blocked. */
    private static boolean doesNmiExit(Facts f) {
        return f.has(VmxControl.NMI_EXITING) && !f.waitsForSipi() && (f.has(VmxControl.VIRTUAL_NMIS) || !f.nmiBlocked);
    }

    /** The sentences in the order of the table. */
    private static List<String> sentences(List<BoundaryEvent> pending, Facts f) {
        List<String> true_ = new ArrayList<>();
        add(true_, "APIC_TRAP exits", pending.contains(BoundaryEvent.APIC_TRAP) && f.guest);
        add(true_, "INIT exits", pending.contains(BoundaryEvent.INIT) && f.guest && !f.waitsForSipi());
        add(true_, "INIT is delivered", pending.contains(BoundaryEvent.INIT) && !f.guest);
        add(true_, "SIPI exits", pending.contains(BoundaryEvent.SIPI) && f.guest && f.waitsForSipi());
        add(true_, "SIPI is delivered", pending.contains(BoundaryEvent.SIPI) && !f.guest && f.waitsForSipi());
        add(true_, "MONITOR_TRAP exits", pending.contains(BoundaryEvent.MONITOR_TRAP) && f.guest);
        add(true_, "DEBUG_TRAP is delivered", pending.contains(BoundaryEvent.DEBUG_TRAP) && !f.asleep() && !f.movSs);
        add(
                true_,
                "PREEMPTION_TIMER exits",
                pending.contains(BoundaryEvent.PREEMPTION_TIMER)
                        && f.has(VmxControl.ACTIVATE_PREEMPTION_TIMER)
                        && !f.waitsForSipi());
        add(
                true_,
                "NMI_WINDOW exits",
                pending.contains(BoundaryEvent.NMI_WINDOW)
                        && f.has(VmxControl.NMI_WINDOW_EXITING)
                        && !f.nmiBlocked
                        && !f.movSs
                        && !f.waitsForSipi());
        add(true_, "NMI exits", pending.contains(BoundaryEvent.NMI) && doesNmiExit(f));
        add(
                true_,
                "NMI is delivered",
                pending.contains(BoundaryEvent.NMI)
                        && canNmiBeDelivered(f)
                        && !(f.nmiBlocked && !f.has(VmxControl.VIRTUAL_NMIS)));
        add(
                true_,
                "INTERRUPT_WINDOW exits",
                pending.contains(BoundaryEvent.INTERRUPT_WINDOW)
                        && f.has(VmxControl.INTERRUPT_WINDOW_EXITING)
                        && f.open());
        add(
                true_,
                "VIRTUAL_INTERRUPT is delivered",
                pending.contains(BoundaryEvent.VIRTUAL_INTERRUPT)
                        && f.deliversVirtualInterrupts()
                        && !f.has(VmxControl.INTERRUPT_WINDOW_EXITING)
                        && f.open());
        boolean interrupt = pending.contains(BoundaryEvent.EXTERNAL_INTERRUPT);
        boolean exits = f.has(VmxControl.EXTERNAL_INTERRUPT_EXITING);
        add(true_, "EXTERNAL_INTERRUPT exits", interrupt && exits && !f.asleep());
        add(true_, "EXTERNAL_INTERRUPT is delivered", interrupt && !exits && f.open());
        return true_;
    }

    private static void add(List<String> sentences, String sentence, boolean holds) {
        if (holds) {
            sentences.add(sentence);
        }
    }

    @Test
    void theMostUrgentEventThatIsNotHeldBackIsTaken() {
        for (int step = 0; step < STEPS; step++) {
            Facts facts = draw();
            List<BoundaryEvent> pending = new ArrayList<>();
            int bits = 0;
            for (BoundaryEvent event : BoundaryEvent.values()) {
                if (random.nextInt(3) == 0) {
                    pending.add(event);
                    bits |= BoundaryPriority.bit(event);
                }
            }
            List<String> holds = sentences(pending, facts);
            String expected = holds.isEmpty() ? "nothing" : holds.get(0);
            if (facts.nmiBlocked && facts.has(VmxControl.VIRTUAL_NMIS) && !facts.has(VmxControl.NMI_EXITING)) {
                continue; // no entry gets so far
            }
            assertEquals(expected, taken(bits, facts.situation()), () -> facts + " " + pending);
        }
    }

    private static String taken(int pending, Situation situation) {
        BoundaryEvent event = BoundaryPriority.first(pending, situation);
        if (event == null) {
            return "nothing";
        }
        return event + (EventRules.of(event, situation) == EventRules.Effect.EXITS ? " exits" : " is delivered");
    }
}

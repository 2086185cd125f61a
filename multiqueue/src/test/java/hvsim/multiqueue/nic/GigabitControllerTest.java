package hvsim.multiqueue.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.arrival.ArrivalProcess;
import hvsim.multiqueue.arrival.PoissonArrivals;
import hvsim.multiqueue.arrival.RegularArrivals;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.RingFault;
import hvsim.multiqueue.service.RandomStream;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GigabitControllerTest {
    private static final int MICROSECOND = 1000;
    private static final long SELDOM = 1_000_000_000_000L;

    private final DrivenController world = new DrivenController(new RegularArrivals(100 * MICROSECOND));
    private final GigabitController controller = world.controller;

    /** ICR, IMC, STATUS; IMS, STATUS; and RDT for 16 of them. */
    @Test
    void aFrameAloneIsFiveAccessesAndASixteenth() {
        world.start(0);
        world.receive(1600, MICROSECOND, false);
        assertEquals(1600 * 5 + 100, world.registers.take());
        assertEquals(1600, controller.interrupts());
    }

    /** TDT, and the five again for the interrupt that says that the reply is sent. */
    @Test
    void aReplyIsSixMore() {
        world.start(0);
        world.receive(1600, MICROSECOND, true);
        assertEquals(1600 * 11 + 100 - 5, world.registers.take(), "the last one is not yet sent");
        assertEquals(1599, controller.transmitted().operations());
    }

    @Test
    void framesThatComeBeforeThePollShareAnInterrupt() {
        DrivenController busy = new DrivenController(new RegularArrivals(2 * MICROSECOND));
        busy.start(0);
        busy.receive(10_000, 20 * MICROSECOND, false);
        int accesses = busy.registers.take();
        assertTrue(accesses < 10_000, "accesses: " + accesses);
    }

    @Test
    void interruptsKeepTheirInterval() {
        DrivenController busy = new DrivenController(new RegularArrivals(10 * MICROSECOND));
        int interval = 488;
        busy.start(interval);
        busy.receive(5_000, MICROSECOND, false);
        long least = interval * 256L;
        long most = busy.now() / least + 1;
        long interrupts = busy.controller.interrupts();
        assertTrue(interrupts <= most && interrupts >= most - 2, "interrupts: " + interrupts + " of " + most);
    }

    @Test
    void readingTheCausesClearsThemAndTakesTheLineDown() {
        allow(NicInterrupt.RECEIVED);
        raise(NicInterrupt.RECEIVED | 4);
        assertTrue(controller.pollInterrupt());
        assertFalse(controller.pollInterrupt());
        assertEquals(NicInterrupt.RECEIVED | 4, controller.read(NicRegister.ICR.offset(), 1));
        assertEquals(0, controller.read(NicRegister.ICR.offset(), 1));
        raise(NicInterrupt.RECEIVED);
        assertTrue(controller.pollInterrupt());
    }

    @Test
    void aCauseThatIsMaskedComesWhenItIsAllowed() {
        raise(NicInterrupt.RECEIVED);
        assertFalse(controller.pollInterrupt());
        allow(NicInterrupt.RECEIVED);
        assertTrue(controller.pollInterrupt());
        controller.write(NicRegister.IMC.offset(), -1, 1);
        allow(NicInterrupt.RECEIVED);
        assertTrue(controller.pollInterrupt(), "the cause is still there");
    }

    @Test
    void aLineThatNobodyAskedForGoesDownUnseen() {
        allow(NicInterrupt.RECEIVED);
        raise(NicInterrupt.RECEIVED);
        controller.read(NicRegister.ICR.offset(), 1);
        assertFalse(controller.pollInterrupt());
    }

    @Test
    void registersReadAsTheHardwareKeepsThem() {
        writesAndReads(NicRegister.RDBAL, 0x1234_567F, 0x1234_5670);
        writesAndReads(NicRegister.RDBAH, 0x1_0000_0001L, 1);
        assertEquals(0x1234_5670, controller.read(NicRegister.RDBAL.offset(), 0));
        writesAndReads(NicRegister.TDLEN, -1, 0xF_FF80);
        writesAndReads(NicRegister.ITR, -1, 0xFFFF);
        writesAndReads(NicRegister.IMS, -1, 0x1_FFFF);
        writesAndReads(NicRegister.STATUS, 0, 0x83);
        writesAndReads(NicRegister.RCTL, 0x8000_0000L, 0x8000_0000L);
        assertEquals(0, controller.read(0x5555, 0));
    }

    private void writesAndReads(NicRegister register, long written, long read) {
        controller.write(register.offset(), written, 0);
        assertEquals(read, controller.read(register.offset(), 0), register.name());
    }

    @Test
    void framesFindNoBufferWhileReceivingIsOff() {
        world.start(0);
        controller.write(NicRegister.RCTL.offset(), 0, 0);
        controller.advanceTo(1000 * MICROSECOND);
        assertEquals(0, controller.received().operations());
        assertEquals(9, controller.received().drops(), "the tenth is on the line");
    }

    @Test
    void whatWasTakenFromARingThatMovedIsNotWrittenBack() {
        DrivenController quiet = new DrivenController(new RegularArrivals(SELDOM));
        quiet.start(0);
        assertTrue(quiet.driver.send(new Chain().read(8192, 60), 0));
        assertTrue(quiet.driver.send(new Chain().read(8192, 60), 0));
        quiet.controller.write(NicRegister.TDBAL.offset(), 0x2_0000, 0);
        quiet.controller.advanceTo(100 * MICROSECOND);
        assertEquals(2, quiet.controller.transmitted().operations());
        for (int at = 0x2_0000; at < 0x2_0400; at += 8) {
            assertEquals(0, quiet.memory.read64(at));
        }
    }

    @Test
    void aTailBehindTheRingStopsItUntilItIsSetUpAnew() {
        world.start(0);
        controller.write(NicRegister.RDT.offset(), 64, 0);
        assertEquals(RingFault.BAD_DOORBELL, controller.fault());
        controller.write(NicRegister.RDLEN.offset(), 1024, 0);
        assertEquals(RingFault.NONE, controller.fault());
    }

    /** Whatever a guest writes, the adapter goes on, and what it touches is in reach. */
    @Test
    void anyWritesAreSurvived() {
        SplittableRandom random = new SplittableRandom(1);
        NicRegister[] registers = NicRegister.values();
        DrivenController hostile = new DrivenController(new RegularArrivals(2 * MICROSECOND));
        int faults = 0;
        hostile.start(0);
        for (int i = 0; i < 20_000; i++) {
            long cycle = (long) MICROSECOND * i;
            long offset = registers[random.nextInt(registers.length)].offset();
            long value = random.nextLong() >>> random.nextInt(32, 64);
            hostile.controller.write(offset, value, cycle);
            hostile.controller.read(random.nextInt(0x4000), cycle);
            faults += hostile.controller.fault() == RingFault.NONE ? 0 : 1;
        }
        assertTrue(faults > 1000, "faults: " + faults);
    }

    /** However late the driver polls, what arrives is received or dropped, and nothing waits without an interrupt. */
    @Test
    void noFrameIsForgotten() {
        SplittableRandom random = new SplittableRandom(2);
        DrivenController driven = new DrivenController(poisson());
        driven.start(20);
        for (int i = 0; i < 60_000; i++) {
            driven.step(random.nextInt(1, 200 * MICROSECOND), random.nextBoolean());
            if (i % 5_000 == 0) {
                driven = driven.saved(poisson());
            }
        }
        driven.controller.write(NicRegister.RCTL.offset(), 0, driven.now());
        long arrived = driven.controller.received().operations();
        for (int i = 0; i < 10_000; i++) {
            driven.step(1, false);
        }
        assertTrue(arrived > 10_000, "arrived: " + arrived);
        assertEquals(arrived, driven.received());
    }

    private static ArrivalProcess poisson() {
        return new PoissonArrivals(3 * MICROSECOND, new RandomStream(3));
    }

    private void raise(int causes) {
        controller.write(NicRegister.ICS.offset(), causes, 1);
    }

    private void allow(int causes) {
        controller.write(NicRegister.IMS.offset(), causes, 1);
    }
}

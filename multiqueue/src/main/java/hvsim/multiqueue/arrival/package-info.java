/**
 * When requests and frames come: {@link hvsim.multiqueue.arrival.ArrivalProcess}. Open processes do not care what becomes
 * of a request ({@link hvsim.multiqueue.arrival.PoissonArrivals}, {@link hvsim.multiqueue.arrival.RegularArrivals},
 * {@link hvsim.multiqueue.arrival.BurstArrivals}); a closed one ({@link hvsim.multiqueue.arrival.ClosedLoop}) waits for
 * it. {@link hvsim.multiqueue.arrival.FrameSource} says of each frame what it is, too. Times are cycles of the
 * machine's clock; means need not be whole, fractions are carried over.
 */
package hvsim.multiqueue.arrival;

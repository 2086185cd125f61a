/** A device's state on its way out or in, and the random numbers that are part of it. */
package hvsim.multiqueue.state;

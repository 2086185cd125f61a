/**
 * Which queue a device serves next: in turn, or by weights. Follows the NVM Express Base Specification 1.4, 4.13
 * "Command Arbitration", whose round robin has a burst and whose weights are credits. Not modelled: the urgent class.
 */
package hvsim.multiqueue.arbitration;

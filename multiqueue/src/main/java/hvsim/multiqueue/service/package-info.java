/**
 * What serves requests, and how long it takes.
 *
 * <pre>
 *   offered --> full? lost -.  waiting, first come first served --> channels, each one request at a time --> done
 *               at most {@code depth} in all                        {@link hvsim.multiqueue.service.ServiceTime} each
 * </pre>
 *
 * Start reading at {@link hvsim.multiqueue.service.ServiceStation}. Times are cycles of the machine's clock. Not
 * modelled: reordering by the device, and what one request leaves behind for the next (erasing, seeking).
 */
package hvsim.multiqueue.service;

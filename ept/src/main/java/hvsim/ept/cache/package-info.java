/**
 * The memory hierarchy: which level serves the line of a reference, and how long that takes.
 *
 * <pre>
 *   core 0            core 1            of one socket
 *   L1 for fetches, L1 for data         fetches use the one, data and page walks the other
 *   L2                L2
 *   +------- L3 -------+                shared
 *   local memory | remote memory        by the machine address: the socket's own range, or another's
 * </pre>
 *
 * A reference asks level by level and takes the latency of the one that has its line of 64 bytes; all levels above that
 * have the line from then on, each in the place of the least recently used of the set. No level drops a line because
 * another one does (neither inclusive nor exclusive), and a line that one core writes stays in the caches of others: no
 * coherence misses, no write-backs, no prefetch, no limit of bandwidth.
 *
 * <p>Start reading at {@link hvsim.ept.cache.CoreCaches}. Intel SDM vol. 3 (325384-059US), chapter 11 "Memory cache
 * control", names the levels and the line; their shape is the machine's.
 */
package hvsim.ept.cache;

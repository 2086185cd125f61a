/**
 * Recorded arrivals: frames of packet captures, requests of storage traces. A record is read when it is its turn, so
 * memory does not depend on the length; damage is an error that names the record or line.
 *
 * <pre>
 *   bytes -> {@link hvsim.multiqueue.trace.PcapTrace} | {@link hvsim.multiqueue.trace.PcapngTrace} -> headers -> {@link hvsim.multiqueue.trace.TimedFrame}
 *   lines -> {@link hvsim.multiqueue.trace.StorageFormat}: MSR Cambridge, SPC, blkparse -> {@link hvsim.multiqueue.trace.StorageRequest}
 * </pre>
 *
 * Formats follow: libpcap's pcap-savefile(5) and link types; draft-ietf-opsawg-pcapng; the README of the MSR Cambridge
 * traces (SNIA IOTTA); SPC Trace File Format Specification 1.0.1; blkparse(1). Not modelled: payloads, IP fragments
 * beyond the first (they count as flows without ports), IPv6 extension headers.
 */
package hvsim.multiqueue.trace;

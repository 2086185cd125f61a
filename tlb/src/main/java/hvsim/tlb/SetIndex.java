package hvsim.tlb;

/**
 * How a page number picks its set. Source of the xor form: the skylake second-level TLB hashes
 * bits 6:0 with bits 13:7 of the page number (Tatar et al., TLB;DR, USENIX Security 2022).
 */
public enum SetIndex {
    /** The low bits; sets are a power of two. */
    MASK,
    /** The low bits, xor-ed with as many bits above them; sets are a power of two. */
    XOR,
    /** The remainder; any number of sets. */
    MODULO
}

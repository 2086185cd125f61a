package hvsim.cpu;

import hvsim.ept.WalkSpec;
import hvsim.tlb.TlbSpec;

/** The shape of a core. */
public record CoreSpec(TlbSpec tlb, WalkSpec walk, CostModel costs) {}

/**
 * What a processor remembers of translations.
 *
 * <pre>
 *   access --> front --> level 1: itlb | dtlb  --> level 2: stlb --> (a walk, in ept)
 *              the      parts side by side, each     filled from
 *              most     a {@link hvsim.tlb.TranslationCache}: sets x ways
 *              recent   of (key, translation), the most recent way found
 *              ways     first
 * </pre>
 *
 * Start reading at {@link hvsim.tlb.Tlb}; {@link hvsim.tlb.Invalidation} holds the rules of what
 * each operation drops. Follows Intel SDM vol. 3 (325384-059US), 4.10 "Caching translation
 * information" and 28.3 "Caching translation information" for VMX. Not modelled: speculative fills,
 * and evictions that the manual allows but does not require.
 */
package hvsim.tlb;

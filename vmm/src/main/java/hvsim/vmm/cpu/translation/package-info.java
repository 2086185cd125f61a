/**
 * What a binary translator keeps: blocks of a guest's kernel, by rule, and their translations in a code cache.
 *
 * <pre>
 *   guest's code:  | 16 bytes |--jump--> | 16 bytes |--return--> ...        blocks: what one fetch brings
 *                       |                     |
 *   code cache:    [ translation ]--chain->[ translation ]--look-up--> ...
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.cpu.translation.CodeCache}; what is made of an instruction says {@link
 * hvsim.vmm.cpu.translation.Treatment}. That a virtual processor runs by them is the hypervisor's part:
 * {@code hvsim.vmm.cpu.deprivileged.BinaryTranslation}.
 *
 * <p>After Adams and Agesen, A Comparison of Software and Hardware Techniques for x86 Virtualization (ASPLOS 2006),
 * section 3. Not modelled: faults within a translation that has done part of a block, and the registers that translated
 * code needs for itself.
 */
@NullMarked
package hvsim.vmm.cpu.translation;

import org.jspecify.annotations.NullMarked;

/**
 * Page tables in machine memory, and the walks through them.
 *
 * <pre>
 *   gva --guest's tables (CR3)--> gpa --EPT (EPTP)--> hpa
 *
 *   one guest level:  gpa of the table --EPT--> hpa of the entry --read--> gpa of the next table
 * </pre>
 *
 * Every table address that the guest's tables name, and the final address, goes through the second stage;
 * with the second stage off, the same walk is a native one. Uncached, g guest levels over e EPT levels take
 * (g + 1)(e + 1) - 1 references.
 *
 * <p>Start reading at {@link hvsim.ept.NestedWalker}. Follows Intel SDM vol. 3 (325384-059US), 4.5 "IA-32e
 * paging" and 28.2 "The extended page table mechanism (EPT)". Not modelled here: 5-level, 32-bit and PAE
 * tables of guests, protection keys, supervisor shadow stacks.
 */
package hvsim.ept;

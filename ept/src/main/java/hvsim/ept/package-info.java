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
 * <p>Start reading at {@link hvsim.ept.NestedWalker}. Follows Intel SDM vol. 3 (325384-059US), chapter 4 "Paging"
 * (with five levels, as later editions) and 28.2 "The extended page table mechanism (EPT)". Not modelled here:
 * protection keys of supervisor pages, supervisor shadow stacks, HLAT paging.
 */
package hvsim.ept;

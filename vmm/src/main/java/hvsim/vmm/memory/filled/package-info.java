/**
 * A TLB that software fills: what it lacks traps to the hypervisor, which walks two tables, the guest's and its own map, and
 * puts what both say into the TLB. There are no tables in between, and no hardware reads any.
 *
 * <pre>
 *   gva --- guest's tables ---> gpa --- map ---> hpa
 *    '------------ an entry of the TLB -----------^
 * </pre>
 *
 * As in Disco (Bugnion, Devine, Govil and Rosenblum, ACM TOCS 1997), which had the guest's kernel walk the first of them.
 */
package hvsim.vmm.memory.filled;

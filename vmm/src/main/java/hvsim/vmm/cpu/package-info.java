/** Ways to virtualize the processor: where the guest runs, and who answers what it may not do itself. */
package hvsim.vmm.cpu;

/** Ways to virtualize memory: what a guest takes for physical memory, and where it is in the machine. */
package hvsim.vmm.memory;

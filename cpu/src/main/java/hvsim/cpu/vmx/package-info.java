/**
 * The virtual-machine control structure: its fields and controls, the checks of VM entries, exit reasons. Start at
 * {@link hvsim.cpu.vmx.Vmcs}.
 *
 * <p>Follows Intel SDM vol. 3 (325384-059US), chapters 24, 26, 27 and appendices A to C.
 */
package hvsim.cpu.vmx;

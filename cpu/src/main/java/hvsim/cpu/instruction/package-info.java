/**
 * The instructions that virtualization has to care about, and the rules of what becomes of them: pure functions
 * of the processor's state. Start at {@link hvsim.cpu.instruction.Instruction}.
 *
 * <p>Follows Intel SDM vol. 3 (325384-059US), chapter 25, and vol. 2 for privilege.
 */
package hvsim.cpu.instruction;

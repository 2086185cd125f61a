package hvsim.cpu.instruction;

/**
 * One instruction with the operands that matter to what becomes of it.
 *
 * @param operand by {@link Instruction#operand()}: an I/O port, an MSR, a type of INVPCID, ...; of PAUSE, 1 if a loop
 *     of PAUSEs has gone on for longer than PLE_Window
 * @param value a second operand: what is written, or an address
 * @param encoding how it was written down: what only exit information tells
 */
public record Operation(Instruction instruction, long operand, long value, Encoding encoding) {
    /** With the usual encoding of the instruction. */
    public static Operation of(Instruction instruction, long operand, long value) {
        return new Operation(instruction, operand, value, Encoding.usualOf(instruction));
    }

    /** The low 32 bits of the operand, in which all but VMCS encodings are. */
    int bits() {
        return (int) operand;
    }
}

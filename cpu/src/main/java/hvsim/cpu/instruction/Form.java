package hvsim.cpu.instruction;

/** Whether a register can stand for an instruction's operand in memory. */
enum Form {
    ANY,
    MEMORY
}

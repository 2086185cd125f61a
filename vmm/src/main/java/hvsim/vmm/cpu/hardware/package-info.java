/**
 * Hardware-assisted virtualization: guests in non-root mode, their kernels at CPL 0.
 *
 * <p>Start reading at {@link hvsim.vmm.cpu.hardware.HardwareAssisted}; {@code ExitDispatcher} says what is done about each
 * exit reason.
 */
package hvsim.vmm.cpu.hardware;

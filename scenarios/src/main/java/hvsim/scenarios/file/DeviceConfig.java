package hvsim.scenarios.file;

/**
 * {@code machine.devices.NAME}.
 *
 * @param speed of its line, each way
 * @param registerRead how long a processor waits for the value of a register
 * @param registerWrite how long it takes to write one
 */
public record DeviceConfig(DeviceKind kind, Bandwidth speed, Sharing sharing, Time registerRead, Time registerWrite) {}

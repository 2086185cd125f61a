package hvsim.scenarios.command;

import hvsim.scenarios.report.By;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What to split the tables by. */
final class ByConverter implements ITypeConverter<By> {
    @Override
    public By convert(String text) {
        return switch (text) {
            case "vm" -> By.VM;
            case "vcpu" -> By.VCPU;
            case "phase" -> By.PHASE;
            case "interval" -> By.INTERVAL;
            default ->
                throw new TypeConversionException("there is no '" + text + "'; choices: vm, vcpu, phase, interval");
        };
    }
}

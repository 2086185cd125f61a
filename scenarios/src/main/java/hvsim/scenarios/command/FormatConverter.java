package hvsim.scenarios.command;

import hvsim.scenarios.report.ReportFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

final class FormatConverter implements ITypeConverter<ReportFormat> {
    @Override
    public ReportFormat convert(String word) {
        return switch (word) {
            case "text" -> ReportFormat.TEXT;
            case "json" -> ReportFormat.JSON;
            case "csv" -> ReportFormat.CSV;
            default -> throw new TypeConversionException("there is no format '" + word + "'; choices: text, json, csv");
        };
    }
}

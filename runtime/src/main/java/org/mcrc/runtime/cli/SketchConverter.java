package org.mcrc.runtime.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code auto}, {@code off} or a number of columns. */
final class SketchConverter implements ITypeConverter<Integer> {
    static final int AUTO = -1;
    static final int OFF = 0;

    @Override
    public Integer convert(String text) {
        try {
            int columns = switch (text) {
                case "auto" -> AUTO;
                case "off" -> OFF;
                default -> Integer.parseInt(text);
            };
            if (columns > 0 || text.equals("auto") || text.equals("off")) {
                return columns;
            }
        } catch (NumberFormatException noNumber) {
            throw fault(text);
        }
        throw fault(text);
    }

    private static TypeConversionException fault(String text) {
        return new TypeConversionException("'" + text + "' is neither auto nor off nor a number of columns, such as 16");
    }
}

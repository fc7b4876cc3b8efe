package org.mcrc.runtime.cli;

import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.simplify.SketchOutputs;
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

    /** What to say where a sketch was asked for and there is nothing to sketch. */
    static String nothingToSketch(IndexProgram program, int columns) {
        return "--sketch " + columns + ": no output of " + program.name() + " is a matrix, compared as a sum of squares, of at"
                + " least " + SketchOutputs.leastColumns(columns) + " columns; it is compared as it is";
    }

    private static TypeConversionException fault(String text) {
        return new TypeConversionException("'" + text + "' is neither auto nor off nor a number of columns, such as 16");
    }
}

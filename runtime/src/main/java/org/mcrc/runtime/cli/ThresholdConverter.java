package org.mcrc.runtime.cli;

import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.Threshold;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a grey level or {@code otsu}. */
public final class ThresholdConverter implements ITypeConverter<Threshold> {

    @Override
    public Threshold convert(String text) {
        try {
            return Threshold.parse(text);
        } catch (InputError error) {
            throw new TypeConversionException(error.text());
        }
    }
}

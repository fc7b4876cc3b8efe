package org.mcrc.runtime.cli;

import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.Extents;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 64x64} or {@code 64x64x64}. */
public final class SizeConverter implements ITypeConverter<Extents> {

    @Override
    public Extents convert(String text) {
        try {
            return Extents.parse(text);
        } catch (InputError error) {
            throw new TypeConversionException(error.text());
        }
    }
}

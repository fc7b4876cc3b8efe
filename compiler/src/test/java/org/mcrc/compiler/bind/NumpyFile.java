package org.mcrc.compiler.bind;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The arrays of the conformance cases: little-endian float64 in C order, as NumPy writes them. */
record NumpyFile(List<Integer> shape, double[] values) {
    private static final Pattern SHAPE = Pattern.compile("'shape': \\(([0-9, ]*)\\)");

    static NumpyFile read(Path file) {
        try {
            return parse(Files.readAllBytes(file));
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    static Map<String, NumpyFile> readAll(Path file) {
        Map<String, NumpyFile> arrays = new LinkedHashMap<>();
        try (InputStream in = Files.newInputStream(file); ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                arrays.put(entry.getName().replaceFirst("\\.npy$", ""), parse(zip.readAllBytes()));
            }
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
        return arrays;
    }

    private static NumpyFile parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = buffer.getShort(8) & 0xffff;
        String header = new String(bytes, 10, headerLength, StandardCharsets.US_ASCII);
        if (!header.contains("'<f8'") || header.contains("'fortran_order': True")) {
            throw new IllegalArgumentException(header);
        }
        Matcher matcher = SHAPE.matcher(header);
        matcher.find();
        List<Integer> shape = Arrays.stream(matcher.group(1).split(",")).map(String::strip)
                .filter(text -> !text.isEmpty()).map(Integer::valueOf).toList();
        buffer.position(10 + headerLength);
        double[] values = new double[shape.stream().reduce(1, Math::multiplyExact)];
        buffer.asDoubleBuffer().get(values);
        return new NumpyFile(shape, values);
    }
}

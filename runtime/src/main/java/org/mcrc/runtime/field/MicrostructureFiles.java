package org.mcrc.runtime.field;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import org.mcrc.runtime.InputError;

/**
 * Reads and writes microstructures: {@code .png}, {@code .tif} (with several pages: a volume), {@code .bmp}
 * and {@code .npy}.
 *
 * <p>What a file is, its first bytes say and not its name. The levels that occur, sorted, are the phases 0, 1, 2, …:
 * with two levels the darker is phase 0 and the lighter phase 1, whether they are 0 and 255 or 1 and 2. A level that is
 * alone is phase 0 or, if it is light (in arrays: positive), phase 1 of two; a boolean array always has two phases.
 * More than {@value Microstructure#MOST_PHASES} levels need a {@link Threshold}. Colours are levels by their luminance;
 * transparent pixels are refused.
 *
 * <p>An array's axes are those of the microstructure. One more axis at the end may hold the phases' indicators: an
 * array of rank 3 or 4 in which, along its last axis of 2 to {@value Microstructure#MOST_PHASES}, exactly one value is
 * 1 and all others are 0 everywhere; a last axis of extent 1 is dropped.
 */
public final class MicrostructureFiles {

    private static final String WANTED = "a microstructure is a PNG, TIFF, BMP or NumPy (.npy) file";

    private MicrostructureFiles() {
    }

    /**
     * Reads a microstructure.
     *
     * @throws InputError if there is none in the file; says why
     */
    public static Microstructure read(Path path, Threshold threshold) {
        NumpyFiles.requireReadable(path);
        byte[] start;
        try (InputStream input = Files.newInputStream(path)) {
            start = input.readNBytes(16);
        } catch (IOException failure) {
            throw NumpyFiles.unreadable(path.toString(), failure);
        }
        if (start.length == 0) {
            throw new InputError(path + " is empty", WANTED);
        }
        if (NumpyHeader.isMagic(start)) {
            return fromArray(path, threshold);
        }
        return new ImageDecoder(path, format(path, start)).read().toMicrostructure(threshold);
    }

    private static ImageDecoder.Format format(Path path, byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("\u0089PNG\r\n\u001a\n")) {
            return ImageDecoder.Format.PNG;
        }
        if (text.startsWith("II*\0") || text.startsWith("MM\0*")) {
            return ImageDecoder.Format.TIFF;
        }
        if (text.startsWith("BM") && start.length == 16 && text.indexOf('\0') >= 0) {
            return ImageDecoder.Format.BMP;
        }
        if (text.startsWith("\u00ff\u00d8\u00ff")) {
            throw new InputError(path + " is a JPEG file, whose compression invents grey levels",
                    "save the original as PNG; if there is none, convert this one to PNG and add --threshold otsu");
        }
        if (text.startsWith("PK")) {
            throw new InputError(path + " is a zip file such as .npz, which holds values of a descriptor (--target) and no microstructure; " + WANTED);
        }
        boolean printable = text.chars().allMatch(letter -> letter >= ' ' || Character.isWhitespace(letter));
        throw new InputError(path + " is not an image" + (printable ? " but text" : " of a known format"), WANTED);
    }

    private static Microstructure fromArray(Path path, Threshold threshold) {
        StoredArray stored = NumpyFiles.read(path);
        NdArray array = stored.array();
        if (array.size() == 0) {
            throw new InputError(path + " has the shape " + array.shapeText() + ": it has no pixels");
        }
        int[] shape = array.shape();
        boolean indicators = array.rank() >= 3 && holdsIndicators(array);
        boolean dropped = array.rank() >= 3 && !indicators && shape[array.rank() - 1] == 1;
        int rank = array.rank() - (indicators || dropped ? 1 : 0);
        if (rank < 2 || rank > 3) {
            throw new InputError(path + " has the shape " + array.shapeText() + "; a microstructure has 2 or 3 axes"
                    + (rank == 4 ? ", and the fourth does not hold the phases' indicators (one 1, all others 0)" : ""));
        }
        Extents extents = Extents.of(Arrays.copyOf(shape, rank));
        Memory.require("the microstructure in " + path, 4L * extents.pixels());
        if (indicators) {
            return fromIndicators(array, extents);
        }
        return new GreyLevels(path.toString(), extents, array.values(), Double.MIN_VALUE, OptionalInt.empty())
                .toMicrostructure(threshold);
    }

    private static boolean holdsIndicators(NdArray array) {
        int phases = array.extent(array.rank() - 1);
        if (phases < 2 || phases > Microstructure.MOST_PHASES) {
            return false;
        }
        double[] values = array.values();
        for (int start = 0; start < values.length; start += phases) {
            int ones = 0;
            for (int phase = 0; phase < phases; phase++) {
                double value = values[start + phase];
                if (value != 0 && value != 1) {
                    return false;
                }
                ones += (int) value;
            }
            if (ones != 1) {
                return false;
            }
        }
        return true;
    }

    private static Microstructure fromIndicators(NdArray array, Extents extents) {
        int phases = array.extent(array.rank() - 1);
        int[] labels = new int[extents.pixels()];
        for (int position = 0; position < array.size(); position++) {
            if (array.values()[position] == 1) {
                labels[position / phases] = position % phases;
            }
        }
        return new Microstructure(extents, labels, phases);
    }

    /**
     * Writes a microstructure in the format that the name's ending says. PNG and BMP show a volume as a montage of its
     * slices. Everything else reads back as it was, except that only PNG remembers phases that occur nowhere.
     *
     * @throws InputError if the ending is another, or the file cannot be written
     */
    public static void write(Path path, Microstructure microstructure) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        switch (ending) {
            case "png" -> Pictures.writePng(path, microstructure);
            case "bmp" -> Pictures.writeBmp(path, microstructure);
            case "tif", "tiff" -> Pictures.writeTiff(path, microstructure);
            case "npy" -> NumpyFiles.writeArray(path, NdArray.of(microstructure.extents().toArray(),
                    Arrays.stream(microstructure.labels()).asDoubleStream().toArray()), RealFormat.SINGLE);
            default -> throw new InputError("cannot tell the format of " + path + " from its name",
                    "end it in .png, .tif, .bmp or .npy");
        }
    }

    /** Whether {@link #write} shows a volume in this file as a picture only, which cannot be read back. */
    public static boolean isPictureOnly(Path path, Extents extents) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        return extents.rank() == 3 && (name.endsWith(".png") || name.endsWith(".bmp"));
    }
}

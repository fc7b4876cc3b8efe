package org.mcrc.runtime.field;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.mcrc.runtime.InputError;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Reads the grey levels of PNG, TIFF and BMP files through {@code javax.imageio}. The pages of a TIFF file are the
 * slices of a volume, perpendicular to its first axis.
 *
 * <p>Grey images give their samples as they are stored, whatever their depth. A coloured pixel's level is its luminance
 * (the weights of ITU-R BT.709 on the stored values, 0 to 255); colours of equal luminance stay distinct levels. Of colours
 * with more than 8 bits only grey ones are read, as they are stored.
 */
final class ImageDecoder {

    /** The formats, recognized by the file's first bytes and not by its name. */
    enum Format {
        PNG("png"), TIFF("tiff"), BMP("bmp");

        private final String readerName;

        Format(String readerName) {
            this.readerName = readerName;
        }
    }

    private final Path path;
    private final Format format;

    ImageDecoder(Path path, Format format) {
        this.path = path;
        this.format = format;
    }

    GreyLevels read() {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format.readerName).next();
        try (ImageInputStream input = new FileImageInputStream(path.toFile())) {
            if (format == Format.TIFF) {
                requireAllPages(input);
            }
            reader.setInput(input);
            return read(reader);
        } catch (IOException | RuntimeException failure) {
            // The decoders throw anything from IllegalArgumentException to NegativeArraySizeException at damaged files.
            if (failure instanceof InputError error) {
                throw error;
            }
            throw damaged();
        } finally {
            reader.dispose();
        }
    }

    private InputError damaged() {
        return new InputError(path + " is a damaged " + format.name() + " file: its pixels cannot be decoded",
                "it was probably cut off when copied: copy it again");
    }

    /**
     * Follows the chain of pages to its end, throwing an EOFException where the file ends before: the decoder would
     * take what is left for the whole volume.
     */
    private static void requireAllPages(ImageInputStream input) throws IOException {
        input.setByteOrder(input.read() == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        input.seek(4);
        Set<Long> seen = new HashSet<>();
        long directory = input.readUnsignedInt();
        // A chain that runs in a circle is the decoder's to refuse.
        while (directory != 0 && seen.add(directory)) {
            input.seek(directory);
            int entries = input.readUnsignedShort();
            input.seek(directory + 2 + 12L * entries);
            directory = input.readUnsignedInt();
        }
        input.seek(0);
    }

    private GreyLevels read(ImageReader reader) throws IOException {
        int pages = format == Format.TIFF ? reader.getNumImages(true) : 1;
        int height = reader.getHeight(0);
        int width = reader.getWidth(0);
        double pixels = (double) pages * height * width;
        if (pixels > Integer.MAX_VALUE - 8) {
            throw new InputError(
                    path + " has " + pages + " x " + height + " x " + width + " pixels, more than can be read");
        }
        // Levels and labels of all pixels, and the decoder's own copy of a page with up to four bytes a pixel.
        Memory.require(path.toString(), 12L * pages * height * width + 4L * height * width);
        double[] values = new double[pages * height * width];
        double light = 0;
        for (int page = 0; page < pages; page++) {
            if (reader.getHeight(page) != height || reader.getWidth(page) != width) {
                throw new InputError(path + " has pages of different sizes: page 1 is " + height + "x" + width
                        + ", page " + (page + 1) + " is " + reader.getHeight(page) + "x" + reader.getWidth(page),
                        "the pages of a volume are its slices and need one size");
            }
            BufferedImage image = reader.read(page);
            light = Math.max(light, decode(image, values, page * height * width));
        }
        Extents extents = pages == 1 ? Extents.of(height, width) : Extents.of(pages, height, width);
        return new GreyLevels(path.toString(), extents, values, light, statedPhases(reader));
    }

    /** Stores the image's levels from {@code start} on, and gives half of white. */
    private double decode(BufferedImage image, double[] values, int start) {
        boolean alpha = image.getColorModel().hasAlpha();
        Raster raster = image.getRaster();
        boolean grey = raster.getNumBands() <= 2 && !(image.getColorModel() instanceof IndexColorModel);
        boolean deep = raster.getNumBands() > 2 && raster.getSampleModel().getSampleSize(0) > 8;
        int position = start;
        for (int row = 0; row < image.getHeight(); row++) {
            for (int column = 0; column < image.getWidth(); column++) {
                if (alpha && image.getColorModel().getAlpha(raster.getDataElements(column, row, null)) != 255) {
                    throw new InputError(path + " has a transparent pixel at [" + row + ", " + column
                            + "] (counted from 0), which has no grey level", "save it without an alpha channel");
                }
                values[position++] = grey ? raster.getSampleDouble(column, row, 0)
                        : deep ? deepGrey(raster, column, row) : level(image.getRGB(column, row));
            }
        }
        int bits = grey || deep ? raster.getSampleModel().getSampleSize(0) : 8;
        return bits > 16 ? Double.MIN_VALUE : 1L << (bits - 1);
    }

    /** The level of a pixel whose three colours have more than 8 bits each. */
    private double deepGrey(Raster raster, int column, int row) {
        double red = raster.getSampleDouble(column, row, 0);
        if (raster.getSampleDouble(column, row, 1) != red || raster.getSampleDouble(column, row, 2) != red) {
            throw new InputError(path + " has a coloured pixel at [" + row + ", " + column + "] (counted from 0) with "
                    + raster.getSampleModel().getSampleSize(0) + " bits for each colour",
                    "save it as a grey image, or with 8 bits for each colour");
        }
        return red;
    }

    /**
     * The luminance of a colour. The colour itself is added far behind the point, so that different colours never have
     * the same level; together they take 46 of a double's 53 bits.
     */
    private static double level(int colour) {
        int red = colour >> 16 & 0xff;
        int green = colour >> 8 & 0xff;
        int blue = colour & 0xff;
        if (red == green && green == blue) {
            return red;
        }
        long luminance = 2126L * red + 7152L * green + 722L * blue;
        return ((luminance << 24) + (colour & 0xffffff)) / (10000.0 * (1 << 24));
    }

    /** The number of phases, where this program wrote the picture: see {@link Pictures}. */
    private OptionalInt statedPhases(ImageReader reader) throws IOException {
        if (format != Format.PNG) {
            return OptionalInt.empty();
        }
        IIOMetadata metadata = reader.getImageMetadata(0);
        NodeList entries = ((Element) metadata.getAsTree(metadata.getNativeMetadataFormatName()))
                .getElementsByTagName("tEXtEntry");
        for (int index = 0; index < entries.getLength(); index++) {
            Element entry = (Element) entries.item(index);
            String value = entry.getAttribute("value");
            if (entry.getAttribute("keyword").equals(Pictures.PHASES_KEYWORD) && value.matches("[0-9]{1,2}")) {
                int phases = Integer.parseInt(value);
                return phases < 1 || phases > Microstructure.MOST_PHASES
                        ? OptionalInt.empty()
                        : OptionalInt.of(phases);
            }
        }
        return OptionalInt.empty();
    }
}

package org.mcrc.runtime.field;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.IntUnaryOperator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Writes pictures, 8-bit grey where they are of two dimensions: a microstructure with phase 0 black, its highest phase white and the others evenly
 * between, or a field of real numbers. A volume becomes a montage of its slices perpendicular to the first axis, row by
 * row, with gaps in a colour that is no phase; it is for looking at only.
 *
 * <p>A PNG of a two-dimensional microstructure also states the number of phases, as a text chunk with the keyword
 * {@value #PHASES_KEYWORD}, so that it is read back exactly when a phase occurs nowhere.
 */
public final class Pictures {

    static final String PHASES_KEYWORD = "mcrc-phases";

    private static final int GAP = 2;
    private static final int GAP_COLOUR = 0x4682b4;

    private Pictures() {
    }

    /** The grey level of a phase, 0 to 255. */
    static int grey(int phase, int phases) {
        return phases == 1 ? 0 : (int) Math.round(255.0 * phase / (phases - 1));
    }

    /** Writes a microstructure as PNG. */
    public static void writePng(Path path, Microstructure microstructure) {
        BufferedImage image = picture(microstructure);
        int stated = microstructure.extents().rank() == 2 ? microstructure.phases() : 0;
        AtomicFile.write(path, output -> writePng(output, image, stated));
    }

    /**
     * Writes a field as PNG: {@code low} and everything below it black, {@code high} and everything above it white.
     *
     * @param field of rank 2 or 3; not-a-number is black
     */
    public static void writePng(Path path, NdArray field, double low, double high) {
        double[] values = field.values();
        BufferedImage image = picture(Extents.of(field.shape()),
                pixel -> (int) Math.round(255 * Math.clamp((values[pixel] - low) / (high - low), 0.0, 1.0)));
        AtomicFile.write(path, output -> writePng(output, image, 0));
    }

    /** Writes a microstructure as BMP. */
    static void writeBmp(Path path, Microstructure microstructure) {
        BufferedImage image = picture(microstructure);
        AtomicFile.write(path, output -> {
            ImageWriter writer = ImageIO.getImageWritersByFormatName("bmp").next();
            write(writer, output, () -> writer.write(image));
        });
    }

    /** Writes a microstructure as TIFF, each slice of a volume a page. */
    static void writeTiff(Path path, Microstructure microstructure) {
        Extents extents = microstructure.extents();
        int pages = extents.rank() == 2 ? 1 : extents.get(0);
        int height = extents.get(extents.rank() - 2);
        int width = extents.get(extents.rank() - 1);
        AtomicFile.write(path, output -> {
            ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionType("LZW");
            write(writer, output, () -> {
                writer.prepareWriteSequence(null);
                for (int page = 0; page < pages; page++) {
                    int start = page * height * width;
                    BufferedImage slice = picture(Extents.of(height, width), pixel ->
                            grey(microstructure.labels()[start + pixel], microstructure.phases()));
                    writer.writeToSequence(new IIOImage(slice, null, null), parameters);
                }
                writer.endWriteSequence();
            });
        });
    }

    private static BufferedImage picture(Microstructure microstructure) {
        return picture(microstructure.extents(),
                pixel -> grey(microstructure.labels()[pixel], microstructure.phases()));
    }

    private static BufferedImage picture(Extents extents, IntUnaryOperator grey) {
        return extents.rank() == 2 ? slice(extents.get(0), extents.get(1), grey) : montage(extents, grey);
    }

    private static BufferedImage slice(int height, int width, IntUnaryOperator grey) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        WritableRaster raster = image.getRaster();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                raster.setSample(x, y, 0, grey.applyAsInt(y * width + x));
            }
        }
        return image;
    }

    private static BufferedImage montage(Extents extents, IntUnaryOperator grey) {
        int slices = extents.get(0);
        int height = extents.get(1);
        int width = extents.get(2);
        int columns = (int) Math.ceil(Math.sqrt(slices));
        int rows = Math.ceilDiv(slices, columns);
        BufferedImage image = new BufferedImage(
                columns * (width + GAP) - GAP, rows * (height + GAP) - GAP, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int slice = y / (height + GAP) * columns + x / (width + GAP);
                int row = y % (height + GAP);
                int column = x % (width + GAP);
                boolean gap = slice >= slices || row >= height || column >= width;
                image.setRGB(x, y, gap ? GAP_COLOUR
                        : 0x10101 * grey.applyAsInt((slice * height + row) * width + column));
            }
        }
        return image;
    }

    /** Writes a PNG; {@code statedPhases} of 0 states nothing. */
    private static void writePng(OutputStream output, BufferedImage image, int statedPhases) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        IIOMetadata metadata = null;
        if (statedPhases > 0) {
            metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
            IIOMetadataNode entry = new IIOMetadataNode("tEXtEntry");
            entry.setAttribute("keyword", PHASES_KEYWORD);
            entry.setAttribute("value", Integer.toString(statedPhases));
            IIOMetadataNode text = new IIOMetadataNode("tEXt");
            text.appendChild(entry);
            IIOMetadataNode root = new IIOMetadataNode(metadata.getNativeMetadataFormatName());
            root.appendChild(text);
            metadata.mergeTree(metadata.getNativeMetadataFormatName(), root);
        }
        IIOImage complete = new IIOImage(image, null, metadata);
        write(writer, output, () -> writer.write(null, complete, null));
    }

    /** What an image writer does once it has its output. */
    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    private static void write(ImageWriter writer, OutputStream output, Writing writing) throws IOException {
        // In memory: javax.imageio would otherwise leave its own temporary files about.
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(output)) {
            writer.setOutput(stream);
            writing.run();
        } finally {
            writer.dispose();
        }
    }
}

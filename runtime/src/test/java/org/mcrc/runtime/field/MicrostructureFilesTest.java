package org.mcrc.runtime.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.runtime.InputError;

/** The images read here were written by Pillow (make_image_fixtures.py beside them). */
class MicrostructureFilesTest {

    private static final Microstructure SMALL =
            new Microstructure(Extents.of(2, 3), new int[] {0, 1, 1, 1, 0, 0}, 2);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"grey8.png", "bilevel.png", "palette.png", "grey16.png", "grey_as_rgb.png",
        "opaque_rgba.png", "opaque_la.png", "grey8.bmp", "bilevel.bmp", "rgb.bmp", "grey8.tif", "lzw.tif", "deflate.tif",
        "fax.tif", "float.tif", "grey16.tif", "white_is_zero.tif"})
    void readsTwoLevelsAsTwoPhasesTheDarkerFirst(String file) {
        assertEquals(SMALL, read(file));
    }

    @Test
    void readsMoreLevelsAsLabelsInTheirOrder() {
        assertEquals(new Microstructure(Extents.of(2, 3), new int[] {0, 1, 2, 2, 0, 1}, 3), read("three_levels.png"));
    }

    @Test
    void ordersColoursByLuminance() {
        assertEquals(new Microstructure(Extents.of(2, 3), new int[] {0, 1, 2, 2, 0, 1}, 3), read("colours.png"));
    }

    private Path colours16(int... levels) throws IOException {
        ColorModel colours = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false,
                Transparency.OPAQUE, DataBuffer.TYPE_USHORT);
        WritableRaster raster = colours.createCompatibleWritableRaster(levels.length / 3, 1);
        raster.setPixels(0, 0, levels.length / 3, 1, levels);
        Path file = folder.resolve("colours16.png");
        ImageIO.write(new BufferedImage(colours, raster, false, null), "png", file.toFile());
        return file;
    }

    /** Levels 1000 and 1100 of 65535 are the same in 8 bits. */
    @Test
    void readsSixteenBitsForEachColourAsTheyAreStored() throws IOException {
        assertEquals(new Microstructure(Extents.of(1, 3), new int[] {1, 0, 1}, 2),
                MicrostructureFiles.read(colours16(1100, 1100, 1100, 1000, 1000, 1000, 1100, 1100, 1100), Threshold.none()));
        Path coloured = colours16(1000, 1000, 1000, 1000, 1100, 1000);
        assertMessage("has a coloured pixel at [0, 1] (counted from 0) with 16 bits for each colour", coloured);
    }

    @Test
    void takesAnImageOfOneColourForAPhaseOfTwo() {
        assertEquals(new Microstructure(Extents.of(2, 2), new int[] {1, 1, 1, 1}, 2), read("white.png"));
        assertEquals(new Microstructure(Extents.of(2, 2), new int[4], 2), read("black.png"));
    }

    @Test
    void readsPagesAsSlicesOfAVolume() {
        Microstructure volume = read("pages.tif");
        assertEquals(Extents.of(4, 2, 3), volume.extents());
        assertArrayEquals(new int[] {0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1}, Arrays.copyOf(volume.labels(), 12));
    }

    @Test
    void proposesAThresholdForManyLevels() {
        InputError error = assertThrows(InputError.class, () -> read("ramp.png"));
        assertTrue(error.getMessage().endsWith("ramp.png has more than 16 grey levels, too many to be phases"));
        assertTrue(error.mend().orElseThrow().contains("--threshold"));
    }

    @Test
    void separatesAboveAThreshold() {
        Path ramp = NumpyFilesTest.fixture("ramp.png");
        // The levels are 0, 4, …, 252: 16 of them are above 188.
        assertEquals(16, MicrostructureFiles.read(ramp, Threshold.parse("188")).counts()[1]);
        assertEquals(17, MicrostructureFiles.read(ramp, Threshold.parse("187.5")).counts()[1]);
        // Evenly distributed levels are separated in the middle.
        assertEquals(32, MicrostructureFiles.read(ramp, Threshold.parse("otsu")).counts()[1]);
        InputError error =
                assertThrows(InputError.class, () -> MicrostructureFiles.read(ramp, Threshold.parse("252")));
        assertTrue(error.getMessage().contains("the threshold 252 separates nothing"), error.getMessage());
        assertTrue(error.getMessage().contains("from 0 to 252"), error.getMessage());
    }

    @Test
    void otsuSeparatesTwoHeaps() {
        // Heaps of 5 values around 1 and of 3 around 10: any level between them has the greatest variance.
        NdArray heaps = NdArray.of(new int[] {2, 4}, new double[] {1, 1.5, 0.5, 10, 9, 11, 1.2, 0.7});
        Microstructure separated = MicrostructureFiles.read(array(heaps), new Threshold.Otsu());
        assertArrayEquals(new int[] {0, 0, 0, 1, 1, 1, 0, 0}, separated.labels());
    }

    @ParameterizedTest
    @CsvSource({"text_named.png, is not an image but text", "jpeg_named.png, is a JPEG file",
        "gif_named.png, is not an image", "transparent.png, 'has a transparent pixel at [1, 2]'",
        "unequal_pages.tif, 'has pages of different sizes: page 1 is 2x3, page 2 is 8x8'",
        "huge.png, has 1 x 2147483647 x 2147483647 pixels", "stored.npz, is a zip file",
        "scalar.npy, has the shape ()", "empty_axis.npy, 'has the shape (0, 3): it has no pixels'"})
    void saysWhatIsWrongWithAFile(String file, String message) {
        assertMessage(message, NumpyFilesTest.fixture(file));
    }

    @Test
    void refusesWhatIsNoFile() throws IOException {
        assertMessage("does not exist", folder.resolve("missing.png"));
        assertMessage("is a folder", folder);
        assertMessage("is empty", Files.createFile(folder.resolve("empty.png")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"grey8.png", "ramp.png", "grey8.bmp", "grey8.tif", "lzw.tif", "pages.tif"})
    void refusesEveryTruncatedImage(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(NumpyFilesTest.fixture(file));
        Path truncated = folder.resolve("truncated");
        for (int length = 1; length < bytes.length - 16; length++) {
            Files.write(truncated, Arrays.copyOf(bytes, length));
            int shown = length;
            assertThrows(InputError.class, () -> MicrostructureFiles.read(truncated, Threshold.none()),
                    () -> file + " cut to " + shown + " of " + bytes.length + " bytes");
        }
    }

    @Test
    void refusesNotANumberAndInfinityAndSaysWhere() {
        NdArray field = NdArray.zeros(3, 4);
        field.values()[6] = Double.NaN;
        assertMessage("holds NaN at [1, 2] (counted from 0)", array(field));
        field.values()[6] = Double.NEGATIVE_INFINITY;
        assertMessage("holds an infinite value at [1, 2]", array(field));
    }

    @Test
    void readsArraysOfAnyTwoNumbersAsTwoPhases() {
        assertEquals(SMALL, readArray(NdArray.of(new int[] {2, 3}, new double[] {1, 2, 2, 2, 1, 1})));
        assertEquals(SMALL, readArray(NdArray.of(new int[] {2, 3}, new double[] {-0.5, 0, -0.0, 0, -0.5, -0.5})));
        assertEquals(List.of(2, 2), List.of(read("boolean.npy").extents().get(0), read("boolean.npy").phases()));
    }

    @Test
    void takesAnArrayOfOneNumberForAPhaseOfTwo() {
        assertEquals(new Microstructure(Extents.of(2, 2), new int[4], 2), readArray(NdArray.zeros(2, 2)));
        assertEquals(new Microstructure(Extents.of(2, 2), new int[] {1, 1, 1, 1}, 2),
                readArray(NdArray.of(new int[] {2, 2}, new double[] {1, 1, 1, 1})));
    }

    @ParameterizedTest
    @CsvSource({"2, 3", "2, 2", "3, 16"})
    void readsIndicatorsBack(int rank, int phases) {
        int[] extents = Arrays.copyOf(new int[] {4, 5, 3}, rank);
        int pixels = Arrays.stream(extents).reduce(1, (left, right) -> left * right);
        int[] labels = new int[pixels];
        Arrays.setAll(labels, pixel -> pixel * 7 % phases);
        Microstructure microstructure = new Microstructure(Extents.of(extents), labels, phases);
        assertEquals(microstructure, readArray(microstructure.indicators()));
    }

    @Test
    void takesAnArrayOfRankThreeForAVolumeOtherwise() {
        assertEquals(Extents.of(4, 5, 2), readArray(NdArray.zeros(4, 5, 2)).extents());
        assertEquals(Extents.of(4, 5), readArray(NdArray.zeros(4, 5, 1)).extents());
        assertMessage("has the shape (2, 2, 2, 2); a microstructure has 2 or 3 axes", array(NdArray.zeros(2, 2, 2, 2)));
        assertMessage("has the shape (7,)", array(NdArray.zeros(7)));
    }

    @Test
    void indicatorsHaveOneAxisMoreThanThePixels() {
        assertArrayEquals(new int[] {2, 3, 2}, SMALL.indicators().shape());
        assertArrayEquals(new double[] {1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0}, SMALL.indicators().values());
        assertArrayEquals(new double[] {0, 1, 1, 1, 0, 0}, SMALL.indicator(1).values());
        assertEquals(0.5, SMALL.fraction(1));
    }

    @ParameterizedTest
    @CsvSource({"png, 2", "png, 3", "png, 16", "bmp, 2", "bmp, 5", "tif, 2", "tif, 16", "npy, 7"})
    void readsBackWhatItWrites(String ending, int phases) {
        int[] labels = new int[12 * 17];
        Arrays.setAll(labels, pixel -> pixel * 11 % phases);
        Microstructure microstructure = new Microstructure(Extents.of(12, 17), labels, phases);
        Path file = folder.resolve("written." + ending);
        MicrostructureFiles.write(file, microstructure);
        assertEquals(microstructure, MicrostructureFiles.read(file, Threshold.none()));
    }

    @Test
    void readsBackAPngInWhichPhasesAreMissing() {
        Path file = folder.resolve("written.png");
        for (int phases = 1; phases <= 5; phases++) {
            for (int phase = 0; phase < phases; phase++) {
                int[] labels = new int[6];
                Arrays.fill(labels, phase);
                labels[5] = phases - 1;
                Microstructure microstructure = new Microstructure(Extents.of(3, 2), labels, phases);
                MicrostructureFiles.write(file, microstructure);
                assertEquals(microstructure, MicrostructureFiles.read(file, Threshold.none()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"npy", "tif"})
    void readsBackVolumes(String ending) {
        int[] labels = new int[3 * 4 * 5];
        Arrays.setAll(labels, pixel -> pixel * pixel % 3);
        Microstructure volume = new Microstructure(Extents.of(3, 4, 5), labels, 2 + 1);
        Path file = folder.resolve("volume." + ending);
        MicrostructureFiles.write(file, volume);
        // Of the squares modulo 3 only 0 and 1 occur, and two levels are two phases.
        assertEquals(new Microstructure(volume.extents(), labels, 2), MicrostructureFiles.read(file, Threshold.none()));
        assertFalse(MicrostructureFiles.isPictureOnly(file, volume.extents()));
    }

    @Test
    void showsAVolumeAsAMontageOfSlices() throws IOException {
        int[] labels = new int[3 * 4 * 5];
        labels[2 * 4 * 5] = 1;
        Path file = folder.resolve("volume.png");
        MicrostructureFiles.write(file, new Microstructure(Extents.of(3, 4, 5), labels, 2));
        assertTrue(MicrostructureFiles.isPictureOnly(file, Extents.of(3, 4, 5)));
        BufferedImage image = ImageIO.read(file.toFile());
        assertEquals(List.of(5 + 2 + 5, 4 + 2 + 4), List.of(image.getWidth(), image.getHeight()));
        assertEquals(255, image.getRaster().getSample(0, 6, 0), "first pixel of the third slice");
        assertEquals(0, image.getRaster().getSample(0, 0, 0));
        assertEquals(0xff4682b4, image.getRGB(5, 0), "a gap has a colour, and no phase has");
        assertEquals(0xff4682b4, image.getRGB(7, 6), "no fourth slice");
    }

    @Test
    void clipsRealFieldsToBlackAndWhite() throws IOException {
        Path file = folder.resolve("field.png");
        Pictures.writePng(file, NdArray.of(new int[] {1, 5}, new double[] {-3, 0, 0.5, 1, 7}), 0, 1);
        int[] samples = ImageIO.read(file.toFile()).getRaster().getSamples(0, 0, 5, 1, 0, (int[]) null);
        assertArrayEquals(new int[] {0, 0, 128, 255, 255}, samples);
    }

    @Test
    void refusesToGuessAFormat() {
        Path file = folder.resolve("a.jpg");
        InputError error = assertThrows(InputError.class, () -> MicrostructureFiles.write(file, SMALL));
        assertTrue(error.getMessage().startsWith("cannot tell the format"), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"64x64, 64x64", "3X4x5, 3x4x5", "8×9, 8x9"})
    void readsSizes(String text, String expected) {
        assertEquals(expected, Extents.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "64x", "0x4", "-1x4", "4x4x4x4", "axb", "99999999999x4", "100000x100000"})
    void refusesWhatIsNoSize(String text) {
        assertThrows(InputError.class, () -> Extents.parse(text));
    }

    private static Microstructure read(String file) {
        return MicrostructureFiles.read(NumpyFilesTest.fixture(file), Threshold.none());
    }

    private Path array(NdArray array) {
        Path file = folder.resolve("array.npy");
        NumpyFiles.writeArray(file, array, RealFormat.DOUBLE);
        return file;
    }

    private Microstructure readArray(NdArray array) {
        return MicrostructureFiles.read(array(array), Threshold.none());
    }

    private static void assertMessage(String message, Path path) {
        InputError error = assertThrows(InputError.class, () -> MicrostructureFiles.read(path, Threshold.none()));
        assertEquals(1, error.getMessage().lines().count());
        assertTrue(error.getMessage().startsWith(path.toString()), error.getMessage());
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }
}

package org.mcrc.runtime.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcrc.runtime.InputError;

/** The files read here were written by NumPy (make_numpy_fixtures.py beside them). */
class NumpyFilesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"})
    void readsEveryNumberTypeInBothByteOrders(String type) {
        double[] expected = {0, 1, 2, 3, 100, 5};
        for (String order : List.of("little", "big")) {
            StoredArray stored = NumpyFiles.read(fixture(order + "_" + type + ".npy"));
            assertArrayEquals(new int[] {2, 3}, stored.array().shape());
            assertArrayEquals(expected, stored.array().values());
            assertEquals(type.startsWith("f") ? StoredArray.Kind.REAL : StoredArray.Kind.INTEGER, stored.kind());
        }
    }

    @Test
    void keepsSignsAndUnsignedRanges() {
        assertArrayEquals(new double[] {-1, -32768, 32767}, values("negative_i2.npy"));
        assertArrayEquals(new double[] {4294967295.0, 0}, values("large_unsigned_u4.npy"));
    }

    @Test
    void readsBooleansAsZeroAndOne() {
        StoredArray stored = NumpyFiles.read(fixture("boolean.npy"));
        assertEquals(StoredArray.Kind.BOOLEAN, stored.kind());
        assertArrayEquals(new double[] {1, 0, 0, 1}, stored.array().values());
    }

    @Test
    void readsScalarsAndEmptyArrays() {
        NdArray scalar = NumpyFiles.readArray(fixture("scalar.npy"));
        assertEquals(0, scalar.rank());
        assertEquals(2.5, scalar.get());
        assertArrayEquals(new int[] {0, 3}, NumpyFiles.readArray(fixture("empty_axis.npy")).shape());
    }

    @Test
    void reordersFortranOrder() {
        NdArray array = NumpyFiles.readArray(fixture("fortran.npy"));
        assertArrayEquals(new int[] {2, 3, 4}, array.shape());
        for (int position = 0; position < 24; position++) {
            assertEquals(position, array.values()[position]);
        }
    }

    @Test
    void readsHalfPrecisionWithInfinityNaNAndSubnormals() {
        // 6e-8 is stored as the smallest subnormal, 2^-24.
        double[] expected = {1.5, -2, Double.POSITIVE_INFINITY, Double.NaN, 0x1p-24};
        assertArrayEquals(expected, values("special_f2.npy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"version_2.npy", "version_3.npy"})
    void readsLaterVersions(String file) {
        assertArrayEquals(new double[] {1, 2, 3}, values(file));
    }

    @Test
    void readsHeadersOfPython2() {
        NdArray array = NumpyFiles.readArray(fixture("python2_shape.npy"));
        assertArrayEquals(new int[] {2, 1}, array.shape());
        assertArrayEquals(new double[] {7, 8}, array.values());
    }

    @Test
    void readsStoredAndDeflatedArchives() {
        Map<String, NdArray> stored = NumpyFiles.readArchive(fixture("stored.npz"));
        assertEquals(List.of("S@1", "V@1"), List.copyOf(stored.keySet()));
        assertEquals(5, stored.get("S@1").get(1, 2));
        assertEquals(0.25, stored.get("V@1").get());
        Map<String, NdArray> deflated = NumpyFiles.readArchive(fixture("deflated.npz"));
        assertEquals(4, deflated.get("S@1").get(1, 1));
        assertArrayEquals(new int[] {100}, deflated.get("S@2.3").shape());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "complex.npy | holds complex numbers ('<c16')",
        "objects.npy | holds Python objects ('|O')",
        "records.npy | is an array of records",
        "huge_integer.npy | holds the integer 9007199254740994, which is too large",
        "huge_shape.npy | announces an array of shape (9000000000000000000, 9000000000000000000), which is more",
        "large_shape.npy | has 82 bytes, but its header announces an array of shape (46000, 46000), which takes 2116",
        "truncated.npy | has 255 bytes, but its header announces an array of shape (4, 4), which takes 256",
        "trailing.npy | has 259 bytes, but its header announces an array of shape (4, 4), which takes 256",
        "truncated_header.npy | ends within its NumPy header",
        "stored.npz | is a zip file such as .npz; a single array, .npy, is wanted",
        "make_numpy_fixtures.py | is not a NumPy file",
    })
    void saysWhatIsWrongWithAFile(String file, String message) {
        Path path = fixture(file);
        InputError error = assertThrows(InputError.class, () -> NumpyFiles.read(path));
        assertTrue(error.getMessage().startsWith(path + " " + message), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"wrong_checksum.npz, checksum is wrong", "truncated.npz, is not an .npz file",
        "scalar.npy, is not an .npz file"})
    void saysWhatIsWrongWithAnArchive(String file, String message) {
        InputError error = assertThrows(InputError.class, () -> NumpyFiles.readArchive(fixture(file)));
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @Test
    void refusesWhatIsNoFile() throws IOException {
        assertMessage("does not exist", folder.resolve("missing.npy"));
        assertMessage("is a folder", folder);
        Files.createFile(folder.resolve("empty.npy"));
        assertMessage("is empty", folder.resolve("empty.npy"));
    }

    @Test
    void noPrefixAndNoFlippedByteOfAFileEndsInAnotherException() throws IOException {
        byte[] bytes = Files.readAllBytes(fixture("fortran.npy"));
        Path damaged = folder.resolve("damaged.npy");
        for (int length = 0; length < bytes.length; length++) {
            Files.write(damaged, Arrays.copyOf(bytes, length));
            assertThrows(InputError.class, () -> NumpyFiles.read(damaged));
        }
        for (int position = 0; position < 128; position++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = bytes.clone();
                flipped[position] ^= (byte) (1 << bit);
                Files.write(damaged, flipped);
                try {
                    NumpyFiles.read(damaged);
                } catch (InputError expected) {
                    assertTrue(expected.getMessage().startsWith(damaged.toString()), expected.getMessage());
                }
            }
        }
    }

    @Test
    void writesWhatNumPyWrites() throws IOException {
        Path file = folder.resolve("written.npy");
        NumpyFiles.writeArray(file, NdArray.of(new int[] {2, 1}, new double[] {1.5, -2}), RealFormat.SINGLE);
        // The layout of numpy/lib/format.py: magic, version, header length, dictionary padded to 64 bytes.
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(128 + 8, bytes.capacity());
        assertEquals("\u0093NUMPY\u0001\u0000", new String(bytes.array(), 0, 8, StandardCharsets.ISO_8859_1));
        assertEquals(118, bytes.getShort(8));
        String header = new String(bytes.array(), 10, 118, StandardCharsets.US_ASCII);
        assertEquals("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", header.strip());
        assertEquals('\n', bytes.get(127));
        assertEquals(1.5f, bytes.getFloat(128));
        assertEquals(-2f, bytes.getFloat(132));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void readsBackWhatItWrites(int rank) {
        int[] shape = {3, 70, 100};
        NdArray array = NdArray.zeros(Arrays.copyOf(shape, rank));
        for (int position = 0; position < array.size(); position++) {
            array.values()[position] = position / 8.0 - 100;
        }
        Path file = folder.resolve("array.npy");
        for (RealFormat format : RealFormat.values()) {
            NumpyFiles.writeArray(file, array, format);
            assertEquals(array, NumpyFiles.readArray(file));
        }
    }

    @Test
    void readsBackTheArchivesItWritesAndWritesThemAlikeEachTime() throws IOException {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("S@2.3", NdArray.of(new int[] {3}, new double[] {0.1, Double.NaN, 1e300}));
        arrays.put("V@1", NdArray.scalar(0.5));
        Path file = folder.resolve("arrays.npz");
        NumpyFiles.writeArchive(file, arrays, RealFormat.DOUBLE);
        byte[] first = Files.readAllBytes(file);
        NumpyFiles.writeArchive(file, arrays, RealFormat.DOUBLE);
        assertArrayEquals(first, Files.readAllBytes(file));
        assertEquals(arrays, NumpyFiles.readArchive(file));
    }

    static Path fixture(String name) {
        try {
            return Path.of(NumpyFilesTest.class.getResource(name).toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static double[] values(String file) {
        return NumpyFiles.readArray(fixture(file)).values();
    }

    private static void assertMessage(String message, Path path) {
        InputError error = assertThrows(InputError.class, () -> NumpyFiles.read(path));
        assertEquals(1, error.getMessage().lines().count());
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }
}

package org.mcrc.runtime.field;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.mcrc.runtime.InputError;

/**
 * Reads and writes NumPy's array files: {@code .npy} for one array, {@code .npz} (a zip file of {@code .npy} entries)
 * for several by name.
 *
 * <p>Read are versions 1.0, 2.0 and 3.0, reals of 2, 4 and 8 bytes, integers of 1 to 8 bytes with and without sign,
 * booleans, both byte orders, C and Fortran order, stored and deflated entries. Written are reals of 4 or 8 bytes, C
 * order, entries stored; files with equal content are equal byte for byte. Every fault of a file is one {@link
 * InputError}, and how much memory its arrays take is checked before any is allocated.
 */
public final class NumpyFiles {

    /** Of a zip file. */
    private static final int MOST_COMMENT_BYTES = 0xffff;

    /** The largest length of a Java array that every JVM can allocate. */
    private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 8;

    /** Integers beyond it are not all representable as a double. */
    private static final long LARGEST_EXACT_INTEGER = 1L << 53;

    private static final int CHUNK_ELEMENTS = 1 << 13;

    private static final String ENTRY_SUFFIX = ".npy";

    /** Zip's earliest date: entries carry no time of writing, so that equal contents are equal files. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private NumpyFiles() {
    }

    /** The array in a {@code .npy} file. */
    public static NdArray readArray(Path path) {
        return read(path).array();
    }

    /** The array in a {@code .npy} file, and of which kind its numbers are. */
    public static StoredArray read(Path path) {
        requireReadable(path);
        String name = path.toString();
        try (InputStream input = Files.newInputStream(path)) {
            return read(input, Files.size(path), name);
        } catch (IOException failure) {
            throw unreadable(name, failure);
        }
    }

    /** The arrays in a {@code .npz} file by name, in the file's order; names are without {@code .npy}. */
    public static SequencedMap<String, NdArray> readArchive(Path path) {
        requireReadable(path);
        SequencedMap<String, NdArray> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(path.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.isDirectory() || !entry.getName().endsWith(ENTRY_SUFFIX)) {
                    continue;
                }
                String key = entry.getName().substring(0, entry.getName().length() - ENTRY_SUFFIX.length());
                String name = "the array " + key + " in " + path;
                CRC32 checksum = new CRC32();
                try (InputStream input = new CheckedInputStream(zip.getInputStream(entry), checksum)) {
                    arrays.put(key, read(input, entry.getSize(), name).array());
                    if (checksum.getValue() != entry.getCrc()) {
                        throw new InputError(name + " is damaged: its checksum is wrong", "copy or write it again");
                    }
                } catch (IOException failure) {
                    throw unreadable(name, failure);
                }
            }
        } catch (ZipException | IllegalArgumentException notZip) {
            throw new InputError(path + " is not an .npz file, or is damaged (" + notZip.getMessage() + ")",
                    "mcrc characterize writes such a file, and numpy.savez; a microstructure is given with --like");
        } catch (IOException failure) {
            throw unreadable(path.toString(), failure);
        }
        if (arrays.isEmpty()) {
            throw new InputError(path + " is a zip file without arrays", "write it with numpy.savez");
        }
        return arrays;
    }

    /** The text beside the arrays of a {@code .npz} file; empty where there is none. */
    public static String comment(Path path) {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            return zip.getComment() == null ? "" : zip.getComment();
        } catch (IOException | IllegalArgumentException unreadable) {
            return "";
        }
    }

    /**
     * Refuses to write several arrays into what is called a file of one.
     *
     * @throws InputError where the name ends in {@code .npy}
     */
    public static void requireArchiveName(Path path) {
        if (path.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
            throw new InputError(path + " is the name of a file with one array, and a descriptor's values are several",
                    "name it .npz");
        }
    }

    /** Writes a {@code .npy} file, as a whole or not at all. */
    public static void writeArray(Path path, NdArray array, RealFormat format) {
        AtomicFile.write(path, output -> write(output, array, format));
    }

    /** Writes a {@code .npz} file, as a whole or not at all, the arrays in the order of the map. */
    public static void writeArchive(Path path, Map<String, NdArray> arrays, RealFormat format) {
        writeArchive(path, arrays, format, "");
    }

    /**
     * The same with a text beside the arrays, that of {@link #comment}: what reads the arrays, as NumPy does, does not see it.
     *
     * @param comment left out where it is longer than a comment can be
     */
    public static void writeArchive(Path path, Map<String, NdArray> arrays, RealFormat format, String comment) {
        boolean fits = comment.getBytes(StandardCharsets.UTF_8).length <= MOST_COMMENT_BYTES;
        AtomicFile.write(path, output -> {
            try (ZipOutputStream zip = new ZipOutputStream(output)) {
                zip.setMethod(ZipOutputStream.STORED);
                zip.setComment(fits ? comment : "");
                for (Map.Entry<String, NdArray> entry : arrays.entrySet()) {
                    zip.putNextEntry(storedEntry(entry.getKey(), entry.getValue(), format));
                    write(zip, entry.getValue(), format);
                    zip.closeEntry();
                }
            }
        });
    }

    /** A stored entry's size and checksum stand before its bytes, so that these are made twice. */
    private static ZipEntry storedEntry(String key, NdArray array, RealFormat format) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
        write(checked, array, format);
        ZipEntry entry = new ZipEntry(key + ENTRY_SUFFIX);
        entry.setSize(NumpyHeader.bytes(format, array).length + (long) format.bytes() * array.size());
        entry.setCrc(checked.getChecksum().getValue());
        entry.setTimeLocal(NO_TIME);
        return entry;
    }

    private static void write(OutputStream output, NdArray array, RealFormat format) throws IOException {
        output.write(NumpyHeader.bytes(format, array));
        double[] values = array.values();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_ELEMENTS * format.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int start = 0; start < values.length; start += CHUNK_ELEMENTS) {
            chunk.clear();
            int end = (int) Math.min((long) start + CHUNK_ELEMENTS, values.length);
            for (int position = start; position < end; position++) {
                switch (format) {
                    case SINGLE -> chunk.putFloat((float) values[position]);
                    case DOUBLE -> chunk.putDouble(values[position]);
                }
            }
            output.write(chunk.array(), 0, chunk.position());
        }
    }

    /** Refuses a path that is no file to be read, in the user's terms. */
    static void requireReadable(Path path) {
        if (!Files.exists(path)) {
            throw new InputError(path + " does not exist");
        }
        if (Files.isDirectory(path)) {
            throw new InputError(path + " is a folder; a file is wanted");
        }
        if (!Files.isReadable(path)) {
            throw new InputError("no permission to read " + path);
        }
        if (!Files.isRegularFile(path)) {
            throw new InputError(path + " is not a regular file", "save what it delivers to a file first");
        }
    }

    static InputError unreadable(String name, IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> new InputError(name + " does not exist");
            case ZipException damaged -> new InputError(name + " is damaged (" + damaged.getMessage() + ")");
            default -> new InputError("cannot read " + name + ": " + failure.getMessage());
        };
    }

    /**
     * Reads one {@code .npy} file from a stream.
     *
     * @param length how many bytes the stream delivers: what the header announces is compared with it before memory is
     *     taken
     */
    private static StoredArray read(InputStream input, long length, String name) throws IOException {
        NumpyHeader header = NumpyHeader.read(input, name);
        NumpyHeader.Element element = header.element();
        long elements = header.elements();
        String announced = "an array of shape " + NdArray.shapeText(header.shape());
        if (elements < 0 || elements > MOST_ELEMENTS) {
            throw new InputError(name + " announces " + announced + ", which is more than can be read: "
                    + MOST_ELEMENTS + " numbers");
        }
        long expected = header.length() + elements * element.bytes();
        if (length != expected) {
            throw new InputError(name + " has " + length + " bytes, but its header announces " + announced
                    + ", which takes " + expected,
                    length < expected
                            ? "it was probably cut off when copied: copy it again"
                            : "write it with one numpy.save");
        }
        Memory.require(name + ", " + announced + ",", 8 * elements);
        int[] shape = new int[header.shape().length];
        for (int axis = 0; axis < shape.length; axis++) {
            if (header.shape()[axis] > MOST_ELEMENTS) {
                throw new InputError(name + " announces " + announced + ", which is more than can be read");
            }
            shape[axis] = (int) header.shape()[axis];
        }
        double[] values = new double[(int) elements];
        decode(input, element, values, name);
        NdArray array = NdArray.of(shape, header.fortranOrder() ? fromFortranOrder(shape, values) : values);
        return new StoredArray(array, element.kind());
    }

    private static void decode(InputStream input, NumpyHeader.Element element, double[] values, String name)
            throws IOException {
        byte[] bytes = new byte[CHUNK_ELEMENTS * element.bytes()];
        ByteBuffer chunk = ByteBuffer.wrap(bytes).order(element.order());
        for (int start = 0; start < values.length; start += CHUNK_ELEMENTS) {
            int count = Math.min(CHUNK_ELEMENTS, values.length - start);
            int wanted = count * element.bytes();
            if (input.readNBytes(bytes, 0, wanted) < wanted) {
                throw new InputError(name + " ends before its last number",
                        "it was probably cut off when copied: copy it again");
            }
            chunk.clear();
            for (int index = 0; index < count; index++) {
                values[start + index] = next(chunk, element, name);
            }
        }
    }

    private static double next(ByteBuffer chunk, NumpyHeader.Element element, String name) {
        return switch (element.type()) {
            case 'f' -> switch (element.bytes()) {
                case 2 -> Float.float16ToFloat(chunk.getShort());
                case 4 -> chunk.getFloat();
                default -> chunk.getDouble();
            };
            case 'b' -> chunk.get() == 0 ? 0 : 1;
            case 'i' -> switch (element.bytes()) {
                case 1 -> chunk.get();
                case 2 -> chunk.getShort();
                case 4 -> chunk.getInt();
                default -> exact(chunk.getLong(), name, false);
            };
            default -> switch (element.bytes()) {
                case 1 -> Byte.toUnsignedInt(chunk.get());
                case 2 -> Short.toUnsignedInt(chunk.getShort());
                case 4 -> Integer.toUnsignedLong(chunk.getInt());
                // Unsigned numbers beyond the signed range look negative, and are refused by the same comparison.
                default -> exact(chunk.getLong(), name, true);
            };
        };
    }

    private static double exact(long integer, String name, boolean unsigned) {
        boolean fits = integer <= LARGEST_EXACT_INTEGER && integer >= (unsigned ? 0 : -LARGEST_EXACT_INTEGER);
        if (!fits) {
            throw new InputError(name + " holds the integer "
                    + (unsigned ? Long.toUnsignedString(integer) : Long.toString(integer))
                    + ", which is too large to be read exactly (the limit is 2^53)");
        }
        return integer;
    }

    /** Reorders values in which the first axis runs fastest. */
    private static double[] fromFortranOrder(int[] shape, double[] values) {
        if (shape.length < 2) {
            return values;
        }
        Memory.require("reordering an array from Fortran order", 8L * values.length);
        double[] ordered = new double[values.length];
        int[] stride = new int[shape.length];
        int product = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            stride[axis] = product;
            product *= shape[axis];
        }
        int[] subscripts = new int[shape.length];
        int source = 0;
        for (int target = 0; target < ordered.length; target++) {
            ordered[target] = values[source];
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                source += stride[axis];
                if (++subscripts[axis] < shape[axis]) {
                    break;
                }
                source -= stride[axis] * shape[axis];
                subscripts[axis] = 0;
            }
        }
        return ordered;
    }
}

package org.mcrc.runtime.field;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mcrc.runtime.InputError;

/**
 * The header of a {@code .npy} file, versions 1.0 to 3.0: magic bytes, version, the header's length, and a Python
 * dictionary with the keys {@code descr}, {@code fortran_order} and {@code shape}.
 * Source: the format's description in {@code numpy/lib/format.py}.
 *
 * @param element how one number is stored
 * @param fortranOrder whether the first axis runs fastest
 * @param shape the extents; their product need not fit into an int
 * @param length the bytes of the file before the first number
 */
record NumpyHeader(Element element, boolean fortranOrder, long[] shape, long length) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** Far more than a header with 64 axes takes; what claims to be longer is not a header. */
    private static final int LONGEST = 1 << 16;

    private static final int MOST_AXES = 64;

    private static final Pattern ELEMENT = Pattern.compile("([<>|=]?)([fiub?])(\\d?)");

    /** How one number is stored. */
    record Element(char type, int bytes, ByteOrder order) {

        StoredArray.Kind kind() {
            return switch (type) {
                case 'b' -> StoredArray.Kind.BOOLEAN;
                case 'f' -> StoredArray.Kind.REAL;
                default -> StoredArray.Kind.INTEGER;
            };
        }
    }

    /** The number of elements, or -1 if it does not fit into a long. */
    long elements() {
        if (Arrays.stream(shape).anyMatch(extent -> extent == 0)) {
            return 0;
        }
        long product = 1;
        for (long extent : shape) {
            if (Math.multiplyHigh(product, extent) != 0 || product * extent < 0) {
                return -1;
            }
            product *= extent;
        }
        return product;
    }

    /** Whether a file that begins with these bytes is a {@code .npy} file. */
    static boolean isMagic(byte[] start) {
        return start.length >= MAGIC.length && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * Reads the header, leaving the stream at the first number.
     *
     * @param name what the user calls the file, for messages
     * @throws InputError if it is none
     */
    static NumpyHeader read(InputStream input, String name) throws IOException {
        byte[] start = input.readNBytes(8);
        if (start.length == 0) {
            throw new InputError(name + " is empty");
        }
        if (start[0] == 'P' && start.length > 1 && start[1] == 'K') {
            throw new InputError(name + " is a zip file such as .npz; a single array, .npy, is wanted",
                    "take one array out: numpy.save(file, numpy.load(archive)['name'])");
        }
        if (!isMagic(start)) {
            throw new InputError(name + " is not a NumPy file: it does not begin with \\x93NUMPY",
                    "write it with numpy.save");
        }
        if (start.length < 8) {
            throw truncated(name);
        }
        int version = start[6];
        if (version < 1 || version > 3 || start[7] != 0) {
            throw new InputError(name + " is a NumPy file of version " + (version & 0xff) + "." + (start[7] & 0xff)
                    + "; versions 1.0, 2.0 and 3.0 can be read");
        }
        int lengthBytes = version == 1 ? 2 : 4;
        byte[] lengthField = input.readNBytes(lengthBytes);
        if (lengthField.length < lengthBytes) {
            throw truncated(name);
        }
        ByteBuffer lengthBuffer = ByteBuffer.wrap(lengthField).order(ByteOrder.LITTLE_ENDIAN);
        long headerLength = version == 1
                ? Short.toUnsignedLong(lengthBuffer.getShort())
                : Integer.toUnsignedLong(lengthBuffer.getInt());
        if (headerLength > LONGEST) {
            throw new InputError(name + " has a damaged NumPy header: it claims to be " + headerLength + " bytes long");
        }
        byte[] header = input.readNBytes((int) headerLength);
        if (header.length < headerLength) {
            throw truncated(name);
        }
        String text = new String(header, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        return new Parser(text, name).parse(8 + lengthBytes + headerLength);
    }

    static InputError truncated(String name) {
        return new InputError(name + " ends within its NumPy header",
                "it was probably cut off when copied: copy it again");
    }

    /**
     * The bytes of a version 1.0 header for an array in C order, padded so that the numbers begin at a multiple of 64.
     */
    static byte[] bytes(RealFormat format, NdArray array) {
        String dictionary = "{'descr': '" + format.description() + "', 'fortran_order': False, 'shape': "
                + array.shapeText() + ", }";
        int unpadded = MAGIC.length + 4 + dictionary.length() + 1;
        int padded = (unpadded + 63) / 64 * 64;
        String header = dictionary + " ".repeat(padded - unpadded) + "\n";
        ByteBuffer buffer = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) header.length());
        buffer.put(header.getBytes(StandardCharsets.US_ASCII));
        return buffer.array();
    }

    /**
     * Reads the part of Python's syntax of which headers are made: strings, booleans, integers, tuples, one dictionary.
     */
    private static final class Parser {

        private final String text;
        private final String name;
        private int position;

        Parser(String text, String name) {
            this.text = text;
            this.name = name;
        }

        NumpyHeader parse(long length) {
            String description = null;
            Boolean fortranOrder = null;
            long[] shape = null;
            expect('{');
            while (!accept('}')) {
                String key = string();
                expect(':');
                switch (key) {
                    case "descr" -> description = description();
                    case "fortran_order" -> fortranOrder = bool();
                    case "shape" -> shape = tuple();
                    default -> throw damaged("it has the unknown key '" + key + "'");
                }
                if (!accept(',')) {
                    expect('}');
                    break;
                }
            }
            skipBlanks();
            if (position < text.length()) {
                throw damaged("something follows its dictionary");
            }
            if (description == null || fortranOrder == null || shape == null) {
                throw damaged("one of 'descr', 'fortran_order' and 'shape' is missing");
            }
            return new NumpyHeader(element(description), fortranOrder, shape, length);
        }

        private String description() {
            skipBlanks();
            if (position < text.length() && text.charAt(position) == '[') {
                throw new InputError(name + " is an array of records; one of numbers is wanted",
                        "save one of its columns: numpy.save(file, array['column'])");
            }
            return string();
        }

        private Element element(String description) {
            Matcher matcher = ELEMENT.matcher(description);
            if (matcher.matches()) {
                String type = matcher.group(2);
                int bytes = matcher.group(3).isEmpty() ? 1 : Integer.parseInt(matcher.group(3));
                boolean known = switch (type) {
                    case "f" -> bytes == 2 || bytes == 4 || bytes == 8;
                    case "b", "?" -> bytes == 1;
                    default -> bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
                };
                if (known && (type.equals("?") || !matcher.group(3).isEmpty())) {
                    ByteOrder order = switch (matcher.group(1)) {
                        case ">" -> ByteOrder.BIG_ENDIAN;
                        case "<" -> ByteOrder.LITTLE_ENDIAN;
                        default -> ByteOrder.nativeOrder();
                    };
                    return new Element(type.equals("?") ? 'b' : type.charAt(0), bytes, order);
                }
            }
            throw new InputError(
                    name + " holds " + meaning(description) + "; real numbers, integers or booleans are wanted",
                    "convert it: numpy.save(file, array.astype(float))");
        }

        private static String meaning(String description) {
            String type = description.replaceFirst("^[<>|=]", "");
            if (type.startsWith("O")) {
                return "Python objects ('" + description + "')";
            }
            if (type.startsWith("c")) {
                return "complex numbers ('" + description + "')";
            }
            if (type.startsWith("U") || type.startsWith("S")) {
                return "text ('" + description + "')";
            }
            return "numbers of the type '" + description + "'";
        }

        private String string() {
            skipBlanks();
            char quote = position < text.length() ? text.charAt(position) : 0;
            if (quote != '\'' && quote != '"') {
                throw damaged("a quoted word is missing");
            }
            int end = text.indexOf(quote, position + 1);
            if (end < 0) {
                throw damaged("a quotation mark is missing");
            }
            String string = text.substring(position + 1, end);
            position = end + 1;
            return string;
        }

        private boolean bool() {
            skipBlanks();
            for (String word : List.of("True", "False")) {
                if (text.startsWith(word, position)) {
                    position += word.length();
                    return word.equals("True");
                }
            }
            throw damaged("fortran_order is neither True nor False");
        }

        private long[] tuple() {
            expect('(');
            List<Long> extents = new ArrayList<>();
            while (!accept(')')) {
                extents.add(integer());
                if (!accept(',')) {
                    expect(')');
                    break;
                }
            }
            if (extents.size() > MOST_AXES) {
                throw damaged("its shape has " + extents.size() + " axes");
            }
            return extents.stream().mapToLong(Long::longValue).toArray();
        }

        private long integer() {
            skipBlanks();
            int start = position;
            while (position < text.length() && Character.digit(text.charAt(position), 10) >= 0) {
                position++;
            }
            if (start == position) {
                throw damaged("its shape is not made of numbers");
            }
            String digits = text.substring(start, position);
            // Python 2 wrote long integers with an L.
            accept('L');
            try {
                return Long.parseLong(digits);
            } catch (NumberFormatException tooLong) {
                throw damaged("its shape has an extent of " + digits);
            }
        }

        private void expect(char wanted) {
            if (!accept(wanted)) {
                throw damaged("'" + wanted + "' is missing");
            }
        }

        private boolean accept(char wanted) {
            skipBlanks();
            if (position < text.length() && text.charAt(position) == wanted) {
                position++;
                return true;
            }
            return false;
        }

        private void skipBlanks() {
            while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
                position++;
            }
        }

        private InputError damaged(String why) {
            return new InputError(name + " has a damaged NumPy header: " + why);
        }
    }
}

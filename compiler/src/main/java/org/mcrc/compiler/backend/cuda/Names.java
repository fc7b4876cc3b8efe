package org.mcrc.compiler.backend.cuda;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import org.mcrc.compiler.index.UniqueNames;

/** C++ names for what programs call by names with dots, signs and primes: as close as C++ allows, and unique. */
final class Names {
    /** Words of C++ and CUDA, and what the texts around kernels define. */
    private static final List<String> TAKEN = List.of("alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand",
            "bitor", "bool", "break", "case", "catch", "char", "char16_t", "char32_t", "char8_t", "class", "co_await",
            "co_return", "co_yield", "compl", "concept", "const", "const_cast", "consteval", "constexpr", "constinit",
            "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit",
            "export", "extern", "false", "float", "for", "friend", "goto", "half", "if", "inline", "int", "long",
            "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private",
            "protected", "public", "real", "register", "reinterpret_cast", "requires", "restrict", "return", "short",
            "signed", "sizeof", "static", "static_assert", "static_cast", "struct", "switch", "template", "this",
            "thread_local", "throw", "true", "try", "typedef", "typeid", "typename", "typeof", "union", "unsigned",
            "using", "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
            "threadIdx", "blockIdx", "blockDim", "gridDim", "warpSize",
            "exp", "log", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "pow", "abs", "floor",
            "lgamma", "atan2", "fabs", "min", "max", "main", "y0", "y1", "j0", "j1", "yn", "jn", "gamma", "signbit", "div",
            // Variables that kernels declare by their very names.
            "after", "before", "begin", "block", "block_column", "block_row", "carried", "column", "element", "end", "entry",
            "first", "first_column", "first_part", "first_row", "first_worker", "greatest", "high", "inside", "k", "kept",
            "lane", "last_part", "last_worker", "line", "local", "mirror", "most", "origin", "other", "part", "period",
            "piece", "place", "place_in_line", "place_of_pixel", "plane", "reached", "result", "row", "run", "scale",
            "scale_of_all", "scale_of_columns", "scaled", "several", "slice", "step", "store", "sum", "sums", "sums_of_part",
            "term", "thread", "tile", "tile_column", "tile_row", "total", "turn", "value", "warp", "z",
            // What headers and compilers define.
            "index", "time", "random", "double2", "float4", "double_t", "float_t", "linux", "unix", "NAN", "NULL",
            "INFINITY");

    private static final String OWN_PREFIX = "mcrc";

    private final UniqueNames given;

    Names() {
        this(new UniqueNames(TAKEN));
    }

    private Names(UniqueNames given) {
        this.given = given;
    }

    /** Names that avoid these and are chosen independently from now on: for one kernel. */
    Names copy() {
        return new Names(given.copy());
    }

    /** A new name that resembles {@code suggestion}. */
    String fresh(String suggestion) {
        return given.fresh(clean(suggestion));
    }

    /** Letters that C++ of every compiler takes in a name. */
    private static String clean(String suggestion) {
        StringBuilder cleaned = new StringBuilder();
        // Without what stands above and below letters, and letters of other alphabets by their names.
        String letters = Normalizer.normalize(suggestion, Normalizer.Form.NFKD).replaceAll("\\p{M}", "");
        letters.replace("*", "_target").replace("'", "_prime").codePoints().forEach(point -> {
            if (point < 128 && (Character.isLetterOrDigit(point) || point == '_')) {
                cleaned.appendCodePoint(point);
            } else if (Character.isLetter(point)) {
                cleaned.append(Character.getName(point).replaceAll(".* ", "").toLowerCase(Locale.ROOT));
            } else {
                cleaned.append('_');
            }
        });
        // Names with two underscores, or with one and a capital letter, belong to the compiler.
        String name = cleaned.toString().replaceAll("__+", "_");
        if (name.isEmpty() || !Character.isLetter(name.charAt(0))) {
            return "v" + name;
        }
        // What the texts around kernels define begins so, macros included.
        return name.regionMatches(true, 0, OWN_PREFIX, 0, OWN_PREFIX.length()) ? "v_" + name : name;
    }
}

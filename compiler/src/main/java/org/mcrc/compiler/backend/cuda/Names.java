package org.mcrc.compiler.backend.cuda;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** C++ names for what programs call by names with dots, signs and primes: as close as C++ allows, and unique. */
final class Names {
    /** Words of C++ and CUDA, and what the texts around kernels define. */
    private static final List<String> TAKEN = List.of("alignas", "alignof", "and", "asm", "auto", "bitand", "bitor", "bool",
            "break", "case", "catch", "char", "class", "compl", "const", "constexpr", "continue", "default", "delete", "do",
            "double", "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "half", "if",
            "inline", "int", "long", "mutable", "namespace", "new", "noexcept", "not", "nullptr", "operator", "or", "private",
            "protected", "public", "real", "register", "return", "short", "signed", "sizeof", "static", "struct", "switch",
            "template", "this", "throw", "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using",
            "virtual", "void", "volatile", "while", "xor", "threadIdx", "blockIdx", "blockDim", "gridDim", "warpSize",
            "exp", "log", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "pow", "abs", "floor",
            "lgamma", "atan2", "fabs", "min", "max", "main", "y0", "y1", "j0", "j1", "yn", "jn", "gamma", "signbit", "div",
            "after", "before", "begin", "end", "period", "reached", "result", "store", "local", "block_column", "block_row", "carried", "column", "element", "entry", "first",
            "first_column", "first_row", "greatest", "grid", "high", "inside", "lane", "line", "mirror", "origin", "other",
            "part", "place", "place_of_pixel", "plane", "row", "scale", "scaled", "slice", "step", "sum", "term", "thread",
            "tile", "tile_column", "tile_row", "total", "value", "warp", "x_1", "x_2", "x_3",
            "index", "time", "random", "double2", "float4", "double_t", "float_t", "linux", "unix", "NAN", "INFINITY");

    private final Set<String> used;

    Names() {
        this(new HashSet<>(TAKEN));
    }

    private Names(Set<String> used) {
        this.used = used;
    }

    /** Names that avoid these and are chosen independently from now on: for one kernel. */
    Names copy() {
        return new Names(new HashSet<>(used));
    }

    /** A new name that resembles {@code suggestion}. */
    String fresh(String suggestion) {
        String clean = clean(suggestion);
        String candidate = clean;
        for (int number = 2; !used.add(candidate); number++) {
            candidate = clean + "_" + number;
        }
        return candidate;
    }

    /** Letters that C++ of every compiler takes in a name. */
    private static String clean(String suggestion) {
        StringBuilder cleaned = new StringBuilder();
        suggestion.replace("*", "_target").replace("'", "_prime").codePoints().forEach(point -> {
            if (point < 128 && (Character.isLetterOrDigit(point) || point == '_')) {
                cleaned.appendCodePoint(point);
            } else if (Character.isLetter(point)) {
                cleaned.append(Character.getName(point).replaceAll(".* ", "").toLowerCase(java.util.Locale.ROOT));
            } else {
                cleaned.append('_');
            }
        });
        // Names with two underscores, or with one and a capital letter, belong to the compiler.
        String name = cleaned.toString().replaceAll("__+", "_");
        return name.isEmpty() || !Character.isLetter(name.charAt(0)) ? "v" + name : name;
    }
}

package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;
import java.util.regex.Pattern;

/** The precision of a program's arrays and vectors. Scalars are computed in double precision in either. */
public enum Precision {
    SINGLE(TypeName.FLOAT, "Float"), DOUBLE(TypeName.DOUBLE, "Double");

    private static final String VECTOR_PACKAGE = "jdk.incubator.vector";

    /** The most lanes that a vector of any machine has (512 bits). */
    private static final int WIDEST_BYTES = 64;

    private static final Pattern LITERAL = Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?");

    private final TypeName element;
    private final String boxed;

    Precision(TypeName element, String boxed) {
        this.element = element;
        this.boxed = boxed;
    }

    TypeName element() {
        return element;
    }

    ClassName boxed() {
        return ClassName.get("java.lang", boxed);
    }

    ClassName vector() {
        return ClassName.get(VECTOR_PACKAGE, boxed + "Vector");
    }

    static ClassName vectorClass(String simpleName) {
        return ClassName.get(VECTOR_PACKAGE, simpleName);
    }

    /** The bytes of an element. */
    public int bytes() {
        return this == SINGLE ? Float.BYTES : Double.BYTES;
    }

    /** The most lanes that a vector can have: extents that it divides need no masks anywhere. */
    int mostLanes() {
        return WIDEST_BYTES / bytes();
    }

    /** A scalar expression of type double as an element, where nothing but a comma or a bracket stands beside it. */
    String narrow(String code) {
        String bare = ExpressionEmitter.bare(code);
        if (this == DOUBLE) {
            return bare;
        }
        if (bare.startsWith("Double.")) {
            return "Float." + bare.substring("Double.".length());
        }
        return LITERAL.matcher(bare).matches() ? literal((float) Double.parseDouble(bare))
                : "(float) " + ExpressionEmitter.parenthesized(code);
    }

    private static String literal(float value) {
        return Float.isInfinite(value) ? value > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY" : value + "f";
    }

    String contractionFactory() {
        return this == SINGLE ? "singlePrecision" : "doublePrecision";
    }
}

package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;

/** The precision of a program's arrays and vectors. Scalars are computed in double precision in either. */
public enum Precision {
    SINGLE(TypeName.FLOAT, "Float"), DOUBLE(TypeName.DOUBLE, "Double");

    private static final String VECTOR_PACKAGE = "jdk.incubator.vector";

    /** The most lanes that a vector of any machine has (512 bits). */
    private static final int WIDEST_BYTES = 64;

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

    /** A scalar expression of type double as an element. */
    String narrow(String code) {
        return this == DOUBLE ? code : "(float) (" + code + ")";
    }

    String contractionFactory() {
        return this == SINGLE ? "singlePrecision" : "doublePrecision";
    }
}

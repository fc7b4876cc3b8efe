package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.ClassName;
import java.util.List;
import org.mcrc.compiler.index.ReductionOperator;

/**
 * A reduction over pixels: in the lanes of a vector for a block of them, then over blocks. Sums over blocks are in the
 * lanes of vectors of double precision, anything else is a number of double precision.
 */
final class LaneTotal {
    private static final ClassName DOUBLES = Precision.DOUBLE.vector();

    private final ExpressionEmitter emitter;
    private final ClassContext context;
    private final ReductionOperator operator;
    private final String total;
    private Accumulator lanes;

    LaneTotal(ExpressionEmitter emitter, ClassContext context, ReductionOperator operator) {
        this.emitter = emitter;
        this.context = context;
        this.operator = operator;
        this.total = emitter.names().fresh("total");
    }

    private boolean isSum() {
        return operator == ReductionOperator.SUM;
    }

    /** Writes the declaration, before all blocks. */
    void declare() {
        if (isSum()) {
            emitter.scope().code().addStatement("$1T $2L = $1T.zero($1T.SPECIES_PREFERRED)", DOUBLES, total);
        } else {
            emitter.scope().code().addStatement("double $L = $L", total, ExpressionEmitter.identity(operator));
        }
    }

    /** Writes what begins a block. */
    void open() {
        lanes = new Accumulator(emitter, context, operator, true);
        lanes.declare();
    }

    /**
     * Writes the combination with the values of some pixels.
     *
     * @param mask which of the lanes are pixels, or null for all
     */
    void add(Value value, String mask) {
        Value term = value;
        if (mask != null) {
            Value identity = emitter.asVector(new Value(ExpressionEmitter.identity(operator), Value.Type.NUMBER));
            term = new Value("%s.blend(%s, %s)".formatted(identity.code(), emitter.asVector(value).code(), mask),
                    Value.Type.VECTOR);
        }
        lanes.add(term, List.of());
    }

    /** Writes what ends a block. */
    void close() {
        String block = lanes.result().code();
        String support = context.type(ExpressionEmitter.LANES);
        emitter.scope().code().addStatement("$L = $L", total, switch (operator) {
            case SUM -> support + ".addTo(" + total + ", " + block + ")";
            case PRODUCT -> total + " * " + support + ".product(" + block + ")";
            case MAXIMUM -> "Math.max(" + total + ", " + support + ".max(" + block + "))";
            case MINIMUM -> "Math.min(" + total + ", " + support + ".min(" + block + "))";
            case ARGMAX, ARGMIN -> throw new IllegalStateException("positions are not vectorized");
        });
    }

    /** The number of double precision, after all blocks. */
    String result() {
        return isSum() ? context.type(ExpressionEmitter.LANES) + ".sum(" + total + ")" : total;
    }
}

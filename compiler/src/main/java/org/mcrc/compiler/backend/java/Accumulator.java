package org.mcrc.compiler.backend.java;

import java.util.List;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.ReductionOperator;

/** A variable in which the terms of a reduction are combined. */
final class Accumulator {
    private final ExpressionEmitter emitter;
    private final ClassContext context;
    private final ReductionOperator operator;
    private final boolean vector;
    private final String name;
    private String position;

    Accumulator(ExpressionEmitter emitter, ClassContext context, ReductionOperator operator, boolean vector) {
        this.emitter = emitter;
        this.context = context;
        this.operator = operator;
        this.vector = vector;
        this.name = emitter.names().fresh(operator.symbol());
    }

    /** Writes the declaration. */
    void declare() {
        Value.Type type = vector ? Value.Type.VECTOR : Value.Type.NUMBER;
        Value start = new Value(ExpressionEmitter.identity(switch (operator) {
            case ARGMAX -> ReductionOperator.MAXIMUM;
            case ARGMIN -> ReductionOperator.MINIMUM;
            case SUM, PRODUCT, MAXIMUM, MINIMUM -> operator;
        }), Value.Type.NUMBER);
        emitter.scope().code().addStatement("$T $L = $L", emitter.type(type), name,
                vector ? emitter.asVector(start).code() : start.code());
        if (isPosition()) {
            position = emitter.names().fresh("position");
            emitter.scope().code().addStatement("double $L = -1", position);
        }
    }

    private boolean isPosition() {
        return operator == ReductionOperator.ARGMAX || operator == ReductionOperator.ARGMIN;
    }

    /** Writes the combination with one more term. */
    void add(Value term, List<Index> indices) {
        if (isPosition()) {
            String value = emitter.names().fresh("candidate");
            emitter.scope().code().addStatement("final double $L = $L", value, ExpressionEmitter.bare(term.code()));
            String at = emitter.integer(IndexForm.position(indices));
            emitter.scope().code().beginControlFlow("if ($L $L $L || $L < 0)", value,
                    operator == ReductionOperator.ARGMAX ? ">" : "<", name, position);
            emitter.scope().code().addStatement("$L = $L", name, value);
            emitter.scope().code().addStatement("$L = $L", position, at);
            emitter.scope().code().endControlFlow();
        } else {
            emitter.scope().code().addStatement("$L = $L", name, combined(name, term));
        }
    }

    private String combined(String left, Value term) {
        if (!vector) {
            return switch (operator) {
                case SUM -> left + " + " + term.code();
                case PRODUCT -> left + " * " + term.code();
                case MAXIMUM -> "Math.max(" + left + ", " + term.code() + ")";
                case MINIMUM -> "Math.min(" + left + ", " + term.code() + ")";
                case ARGMAX, ARGMIN -> throw new IllegalStateException("positions are compared, not combined");
            };
        }
        String right = emitter.asVector(term).code();
        return left + switch (operator) {
            case SUM -> ".add(";
            case PRODUCT -> ".mul(";
            case MAXIMUM -> ".max(";
            case MINIMUM -> ".min(";
            case ARGMAX, ARGMIN -> throw new IllegalStateException("positions are compared, not combined");
        } + right + ")";
    }

    /** Writes the combination with a vector's lanes, folded in a fixed order. */
    void addLanes(Accumulator lanes) {
        String folded = context.type(ExpressionEmitter.LANES) + switch (operator) {
            case SUM -> ".sum(";
            case PRODUCT -> ".product(";
            case MAXIMUM -> ".max(";
            case MINIMUM -> ".min(";
            case ARGMAX, ARGMIN -> throw new IllegalStateException("positions are not vectorized");
        } + lanes.name + ")";
        emitter.scope().code().addStatement("$L = $L", name, combined(name, new Value(folded, Value.Type.NUMBER)));
    }

    /** The variable that holds the result. */
    Value result() {
        return isPosition() ? new Value(position, Value.Type.NUMBER)
                : new Value(name, vector ? Value.Type.VECTOR : Value.Type.NUMBER);
    }
}

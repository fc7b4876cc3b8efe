package org.mcrc.runtime.reconstruct;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.mcrc.runtime.engine.Engine;

/**
 * By what fields are compared with the target, and what its errors are relative to: sketches of the descriptor, or the
 * descriptor itself.
 */
final class Comparison {
    private final Engine full;
    private final Optional<SketchedEngine> sketch;
    private final Map<String, double[]> target;
    private final FieldVector fields;
    private final Random random;

    private Engine engine;
    private DescriptorScale scale;
    private DescriptorScale fullScale;
    private OptionalInt degree = OptionalInt.empty();

    /**
     * @param full evaluates the descriptor itself
     * @param sketch evaluates sketches of it; empty where there are none
     * @param fields of which the descriptor is finite whenever something is measured here
     * @param random draws the sketches
     */
    Comparison(Engine full, Optional<SketchedEngine> sketch, Map<String, double[]> target, FieldVector fields, Random random) {
        this.full = full;
        this.sketch = sketch;
        this.target = target;
        this.fields = fields;
        this.random = random;
    }

    /** From here on by a new sketch. */
    void bySketch() {
        SketchedEngine drawn = sketch.orElseThrow();
        engine = drawn.engine();
        scale = measure(engine, drawn.draw(target, random.nextLong()));
    }

    /** From here on by the descriptor itself. */
    void byItself() {
        engine = full;
        scale = fullScale();
    }

    /** The columns of its sketches. */
    int columns() {
        return sketch.orElseThrow().columns();
    }

    /** What evaluates the descriptor itself. */
    Engine full() {
        return full;
    }

    /** What evaluates what is compared now. */
    Engine engine() {
        return engine;
    }

    /** Whether it is the descriptor itself. */
    boolean isFull() {
        return engine == full;
    }

    /** An error of {@link #engine}, relative to the target. */
    double relative(double error) {
        return scale.relative(error);
    }

    /** What errors of the descriptor itself are relative to. Where it was not asked for before, this sets its targets. */
    DescriptorScale fullScale() {
        if (fullScale == null) {
            fullScale = measure(full, target);
        }
        return fullScale;
    }

    private DescriptorScale measure(Engine measured, Map<String, double[]> itsTarget) {
        DescriptorScale result = DescriptorScale.measure(measured, itsTarget, fields.fields(), degree);
        if (result != DescriptorScale.NONE) {
            // Of a sketch it is that of the descriptor: only the columns are others.
            degree = OptionalInt.of(result.degree());
        }
        return result;
    }

    /** What a search among pixels evaluates: the descriptor itself, or a new sketch of it, whose scale is not measured. */
    Engine anotherSketch() {
        if (sketch.isEmpty()) {
            return full;
        }
        Engine drawn = sketch.get().engine();
        sketch.get().draw(target, random.nextLong()).forEach(drawn::setTarget);
        return drawn;
    }
}

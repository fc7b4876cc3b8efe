package org.mcrc.runtime.reconstruct;

import java.util.Map;
import java.util.Optional;
import org.mcrc.runtime.engine.Engine;

/**
 * The same descriptor of a coarser field.
 *
 * @param full evaluates it
 * @param sketch evaluates sketches of it; empty where it is compared as it is
 * @param target the desired values of its outputs
 */
public record CoarseLevel(Engine full, Optional<SketchedEngine> sketch, Map<String, double[]> target)
        implements AutoCloseable {
    @Override
    public void close() {
        sketch.ifPresent(SketchedEngine::close);
        full.close();
    }
}

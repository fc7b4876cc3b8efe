package org.mcrc.runtime.cli;

import java.util.Optional;
import org.mcrc.runtime.engine.Backend;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Precision;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.reconstruct.SketchedEngine;

/** A descriptor at a size, and what evaluates it. */
interface Problem {

    Signature signature();

    /** An engine for it: in another precision than the loop's it needs no gradient. */
    Engine engine(Precision wanted);

    /** What evaluates sketches of it; empty where there is nothing to sketch. */
    Optional<SketchedEngine> sketch();

    Backend backend();

    /** Of the arithmetic of the loop. */
    Precision precision();

    int threads();
}

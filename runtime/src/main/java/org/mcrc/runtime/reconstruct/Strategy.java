package org.mcrc.runtime.reconstruct;

import org.mcrc.runtime.optimize.OptimizerSettings;

/** How the fields are moved. */
public sealed interface Strategy {

    /** The name, as it is given on the command line and written in files. */
    String name();

    /** The optimizer of a run, or of each of its blocks. */
    OptimizerSettings optimizer();

    /** Whether fields are put back into their ranges after every iteration. */
    boolean projects();

    /** One optimizer from the first iteration to the last: {@link Reconstruction}. */
    record Single(OptimizerSettings optimizer) implements Strategy {
        @Override
        public String name() {
            return optimizer.name();
        }

        @Override
        public boolean projects() {
            return optimizer.allowsBox();
        }
    }

    /**
     * What is chosen as it goes: {@link AutomaticReconstruction}.
     *
     * @param columns of the sketches; 0 where the descriptor is compared as it is
     * @param levels on which it is reconstructed, one after another, the finest included
     */
    record Automatic(AutomaticSettings settings, int columns, int levels) implements Strategy {
        @Override
        public String name() {
            return "auto";
        }

        @Override
        public OptimizerSettings optimizer() {
            return settings.optimizer();
        }

        @Override
        public boolean projects() {
            return settings.projected();
        }
    }
}

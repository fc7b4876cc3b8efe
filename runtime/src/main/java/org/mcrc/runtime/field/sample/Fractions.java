package org.mcrc.runtime.field.sample;

import org.mcrc.runtime.InputError;

/** Checks volume fractions. */
final class Fractions {

    private Fractions() {
    }

    /** Refuses what is not strictly between 0 and 1: a microstructure of one phase is no sample of anything. */
    static void require(double fraction) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new InputError("a volume fraction of " + fraction + " is not between 0 and 1");
        }
    }
}

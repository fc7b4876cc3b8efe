package org.mcrc.runtime.reconstruct;

import org.mcrc.runtime.InputError;

/** The fields with which a reconstruction would begin have no finite loss and gradient. */
final class NotFiniteStart extends InputError {
    private static final long serialVersionUID = 1L;

    /**
     * @param descriptor its name
     * @param loss of these fields
     */
    NotFiniteStart(String descriptor, double loss) {
        super("the loss of the initial fields or its gradient is not a finite number (loss " + loss + ")",
                "look for logarithms, roots and quotients of what can be zero in " + descriptor);
    }
}

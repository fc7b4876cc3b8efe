package org.mcrc.runtime.reconstruct;

import java.util.Optional;

/**
 * How a block of iterations ended.
 *
 * @param loss the least loss, relative to the target's norm
 * @param error the last error, likewise
 * @param roundedError the least error of a rounded field, likewise; infinite where nothing is rounded
 * @param usable whether the fields are such that the next block can begin with them
 * @param reason why the whole run ends with it; empty where it goes on
 */
record Block(double loss, double error, double roundedError, boolean usable, Optional<StopReason> reason) {
}

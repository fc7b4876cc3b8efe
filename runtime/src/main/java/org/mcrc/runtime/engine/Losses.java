package org.mcrc.runtime.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The loss and its parts (Seibert et al. 2021, eq. 6).
 *
 * @param loss L = E + the weighted penalties
 * @param error E, the distance of the outputs from their targets
 * @param penalties each penalty's value, before its weight, in the descriptor's order
 */
public record Losses(double loss, double error, Map<String, Double> penalties) {
    public Losses {
        penalties = Collections.unmodifiableMap(new LinkedHashMap<>(penalties));
    }
}

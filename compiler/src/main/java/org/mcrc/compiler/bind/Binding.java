package org.mcrc.compiler.bind;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a descriptor file leaves open.
 *
 * @param extents the pixels along each axis of the microstructure, two or three
 * @param phases the number of phases
 * @param params values that take the place of the params' defaults, by name; {@code USED.NAME} for those of a used file
 * @param data reads data files
 */
public record Binding(List<Integer> extents, int phases, Map<String, Double> params, DataLoader data) {
    public Binding {
        extents = List.copyOf(extents);
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }
}

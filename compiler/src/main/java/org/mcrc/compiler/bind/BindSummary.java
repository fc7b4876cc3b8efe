package org.mcrc.compiler.bind;

import java.util.List;

/**
 * What binding found out, for {@code explain}. Names of a used file are prefixed with the name it is used by.
 *
 * @param sets the declared vector sets
 * @param levels the levels of the file and of the files it uses
 * @param solved the constants that were solved for
 * @param folded the params that shape the program: another value makes another program
 * @param arguments the params and solved constants that the program takes as arguments
 */
public record BindSummary(List<VectorSet> sets, List<Level> levels, List<Solved> solved, List<Parameter> folded,
        List<Parameter> arguments) {
    public BindSummary {
        sets = List.copyOf(sets);
        levels = List.copyOf(levels);
        solved = List.copyOf(solved);
        folded = List.copyOf(folded);
        arguments = List.copyOf(arguments);
    }

    /** A declared set of {@code count} vectors with {@code dimension} components. */
    public record VectorSet(String name, int dimension, int count) {}

    /**
     * A level.
     *
     * @param file the prefix of the used file's names, empty for the file itself
     * @param number from 1, the finest
     * @param extents the pixels along each axis of the level's field
     * @param slices the axes, from 1, to which its slices are perpendicular; empty where there are none
     * @param weight its weight at the values that the params have
     */
    public record Level(String file, int number, List<Integer> extents, List<Integer> slices, double weight) {
        public Level {
            extents = List.copyOf(extents);
            slices = List.copyOf(slices);
        }
    }

    /** A constant that was solved for, with the greatest residual of its function's equations. */
    public record Solved(String name, double value, double residual) {}

    /** A param or an argument. */
    public record Parameter(String name, double value) {}
}

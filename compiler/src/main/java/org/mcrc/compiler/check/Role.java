package org.mcrc.compiler.check;

/** What an expression is there for, which decides what it may use. */
enum Role {
    PARAM("the value of a param", false, false, false),
    RANGE("a range of values", false, false, false),
    /** A set that is the same on all levels. */
    SET("a set", false, false, true),
    /** A set of an index of something that is evaluated on each level. */
    LEVEL_SET("a set", false, true, true),
    /** The guard of an output or a report. */
    ELEMENTS("a guard", false, true, true),
    START("the start of a solved constant", false, true, true),
    EQUATION("an equation", false, true, true),
    COARSEST("the smallest extent of multigrid", false, false, true),
    LEVEL_WEIGHT("the weight of a level", false, true, true),
    /** The weight of an output, which exists on each level. */
    OUTPUT_WEIGHT("a weight", false, true, true),
    /** The weight of a used file. */
    WEIGHT("a weight", false, false, true),
    PENALTY_WEIGHT("the weight of a penalty", false, true, true),
    USED_PARAM("the value of a param", false, false, false),
    /** What a function may use is decided where it is called. */
    FUNCTION("a function", true, true, true),
    BODY("a formula", true, true, true),
    REPORT("a report", true, true, true),
    PENALTY("a penalty", true, true, true);

    private final String words;
    private final boolean arrays;
    private final boolean level;
    private final boolean phases;

    Role(String words, boolean arrays, boolean level, boolean phases) {
        this.words = words;
        this.arrays = arrays;
        this.level = level;
        this.phases = phases;
    }

    /** The role of the sets that occur in it. */
    Role ofSets() {
        return level ? LEVEL_SET : SET;
    }

    /** How messages call it. */
    String words() {
        return words;
    }

    /** Whether it may read fields, data and lets. */
    boolean mayReadArrays() {
        return arrays;
    }

    /** Whether it may read data: it is evaluated where sizes are known. */
    boolean mayReadData() {
        return switch (this) {
            case PARAM, USED_PARAM, RANGE, COARSEST, WEIGHT, START, EQUATION -> false;
            case SET, LEVEL_SET, ELEMENTS, LEVEL_WEIGHT, OUTPUT_WEIGHT, PENALTY_WEIGHT, FUNCTION, BODY, REPORT, PENALTY -> true;
        };
    }

    /** Whether it may read outputs and reports. */
    boolean mayReadOutputs() {
        return this == REPORT;
    }

    /** Whether it is evaluated on each level. */
    boolean mayUseLevel() {
        return level;
    }

    /** Whether the number of phases is known to it. */
    boolean mayUsePhases() {
        return phases;
    }

    /** Whether it may count the members of a set. */
    boolean mayUseSets() {
        return phases;
    }

    /** Whether the descriptor error is known to it. */
    boolean mayUseError() {
        return this == PENALTY_WEIGHT;
    }
}

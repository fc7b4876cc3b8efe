package org.mcrc.compiler.index;

/** What a pass or the scheduler chose for a definition, and why: shown by {@code mcrc explain}. */
public record Decision(String definition, String choice, String reason) {}

package org.mcrc.runtime.engine;

/** How many bits real numbers have while a descriptor is evaluated. */
public enum Precision { SINGLE, DOUBLE }

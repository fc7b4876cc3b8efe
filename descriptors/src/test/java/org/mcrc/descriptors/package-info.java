/**
 * Tests of the descriptor library. They run the commands that a user runs, on every file there is: a new descriptor is
 * tested by being there.
 */
package org.mcrc.descriptors;

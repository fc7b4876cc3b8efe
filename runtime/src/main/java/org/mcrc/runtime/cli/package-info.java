/**
 * The command line: one class a command, each a {@code Callable<Integer>} that returns the exit status (0 done, 1 the
 * answer is no). A user's fault is an {@link org.mcrc.runtime.InputError}, thrown from anywhere and ending in exit
 * status 2.
 */
package org.mcrc.runtime.cli;

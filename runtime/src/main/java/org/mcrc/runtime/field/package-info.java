/**
 * Arrays and microstructures, and the files they live in.
 *
 * <p>{@link org.mcrc.runtime.field.NdArray} is what is passed between files and engines.
 * {@link org.mcrc.runtime.field.NumpyFiles} reads and writes {@code .npy} and {@code .npz}; it is own code because no
 * maintained library for the JVM reads and writes both. {@link org.mcrc.runtime.field.Microstructure} says to which
 * phase each pixel belongs; {@link org.mcrc.runtime.field.MicrostructureFiles} reads and writes it as image or array
 * and says how grey levels become phases, {@link org.mcrc.runtime.field.Pictures} draws it. Every output file is
 * written by {@link org.mcrc.runtime.field.AtomicFile}, as a whole or not at all. Whatever is wrong with a file is one
 * {@link org.mcrc.runtime.InputError}.
 */
package org.mcrc.runtime.field;

package org.mcrc.runtime.engine.cuda;

import java.nio.ByteBuffer;

/**
 * A processor with memory of its own that runs kernels one after another, in the order in which they are launched. Used by
 * one thread at a time. Whatever it gave (modules, buffers, recordings) is closed before it or together with it.
 */
public interface Device extends AutoCloseable {
    /** Its name, architecture and driver, for messages and reports. */
    String description();

    /** How many blocks it runs at a time where each takes a multiprocessor for itself. */
    int multiprocessors();

    /** Whether kernels are compiled for products of warpgroups, whose blocks take more shared memory. */
    boolean multipliesInWarpgroups();

    /** The bytes of its memory that are free now. */
    long freeBytes();

    /**
     * Compiles a source, or takes it from the cache, and loads it.
     *
     * @param name of the program, for messages
     * @param source CUDA C++ without includes; its kernels are {@code extern "C" __global__}
     * @throws IllegalStateException where it does not compile: a defect of the generator
     */
    Module load(String name, String source);

    /**
     * Memory of the device, filled with zeros.
     *
     * @throws org.mcrc.runtime.InputError where there is not enough: with the amount, and what is free
     */
    Buffer allocate(long bytes);

    /**
     * Memory of this computer from which and to which the device copies fast, in native byte order: freed with
     * {@link #freeHostMemory} or with the device.
     */
    ByteBuffer hostMemory(int bytes);

    /** Frees what {@link #hostMemory} gave, after all copies from it and to it. */
    void freeHostMemory(ByteBuffer memory);

    /**
     * Memory of that kind through which large arrays go piece by piece, always the same: to make some takes longer than to
     * copy. Whoever uses it waits for its copies before anybody else can.
     */
    ByteBuffer staging();

    /**
     * Copies {@code from.remaining()} bytes of {@link #hostMemory} to a buffer, in the order of launches.
     *
     * @param offset where they begin in the buffer
     */
    void copyToDevice(ByteBuffer from, Buffer to, long offset);

    /** The same to its beginning. */
    default void copyToDevice(ByteBuffer from, Buffer to) {
        copyToDevice(from, to, 0);
    }

    /**
     * Copies {@code to.remaining()} bytes from a buffer; they are there after {@link #synchronize}.
     *
     * @param offset where they begin in the buffer
     */
    void copyToHost(Buffer from, long offset, ByteBuffer to);

    /** The same from its beginning. */
    default void copyToHost(Buffer from, ByteBuffer to) {
        copyToHost(from, 0, to);
    }

    /** Copies so many bytes from a place in one buffer to a place in another one, in the order of launches. */
    void copy(Buffer from, long fromOffset, Buffer to, long toOffset, long bytes);

    /**
     * Runs a kernel.
     *
     * @throws IllegalStateException where it cannot be launched, with the kernel's name
     */
    void launch(Module module, Launch launch);

    /**
     * Records launches and copies instead of running them, so that {@link Recording#play} runs them all at little cost.
     * Nothing may be allocated or loaded meanwhile.
     */
    Recording record(Runnable work);

    /**
     * Waits until everything has been run.
     *
     * @throws IllegalStateException where a kernel failed, with the kernel's name where that is known
     */
    void synchronize();

    @Override
    void close();

    /** Kernels in the device's memory. */
    interface Module extends AutoCloseable {
        @Override
        void close();
    }

    /** A part of the device's memory. */
    interface Buffer extends AutoCloseable {
        long bytes();

        @Override
        void close();
    }

    /** Launches that run together. */
    interface Recording extends AutoCloseable {
        void play();

        @Override
        void close();
    }
}

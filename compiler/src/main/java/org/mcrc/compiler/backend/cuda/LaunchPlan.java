package org.mcrc.compiler.backend.cuda;

import java.util.List;
import java.util.Map;

/**
 * What is launched, in which order and with which arguments, to run a compiled program on a CUDA device.
 *
 * @param kernelFile the name of the source
 * @param workspaces memory that kernels use besides the program's arrays
 * @param tables constant integers, by the name under which arguments ask for them
 * @param numbers constant real numbers in double precision, likewise
 * @param phases the launches of each phase, by its name in small letters
 * @param placing for each array that is set from outside the launches that put its values, in C order and double precision
 *     in the workspace {@link #VALUES}, into it
 * @param taking for each array that is asked for the launches that take its values into the workspace {@link #VALUES}
 * @param losses the launches that put the loss, the error and the penalties, in this order, into the workspace
 *     {@link #LOSSES}
 */
public record LaunchPlan(String kernelFile, List<Workspace> workspaces, Map<String, int[]> tables,
        Map<String, double[]> numbers, Map<String, List<Step>> phases, Map<String, List<Step>> placing,
        Map<String, List<Step>> taking, List<Step> losses) {
    /** The workspace of the loss and its parts. */
    public static final String LOSSES = "losses";

    /** For {@link Step#gridX}: a block for each multiprocessor of the device, an even number. */
    public static final int BLOCKS_OF_DEVICE = 0;

    /** As many blocks as these are at most, whatever the device. */
    public static final int MOST_BLOCKS_OF_DEVICE = 192;

    /** The workspace through which values of arrays go, one array at a time. */
    public static final String VALUES = "values";

    public LaunchPlan {
        workspaces = List.copyOf(workspaces);
        losses = List.copyOf(losses);
    }

    /** A part of the device's memory. */
    public record Workspace(String name, long bytes) {}

    /**
     * A launch.
     *
     * @param gridX the blocks along the first axis of the grid, or {@link #BLOCKS_OF_DEVICE}; gridY along the second
     * @param block the threads of a block
     * @param shared dynamic shared memory of a block
     * @param arguments in the order of the kernel's parameters
     */
    public record Step(String kernel, int gridX, int gridY, int block, Shared shared, List<Argument> arguments) {
        public Step {
            arguments = List.copyOf(arguments);
        }

        /** A launch without dynamic shared memory. */
        public Step(String kernel, int gridX, int gridY, int block, List<Argument> arguments) {
            this(kernel, gridX, gridY, block, Shared.NONE, arguments);
        }
    }

    /**
     * Dynamic shared memory of a block.
     *
     * @param bytes on any device
     * @param bytesOfWarpgroups where kernels are compiled for products of warpgroups (sm_90a), which have more of it
     */
    public record Shared(int bytes, int bytesOfWarpgroups) {
        public static final Shared NONE = new Shared(0, 0);
    }

    /** What an argument is. */
    public enum Kind {
        /** The array of a stored tensor. */
        ARRAY,
        WORKSPACE,
        /** Constant integers. */
        TABLE,
        /** Constant real numbers. */
        NUMBERS,
        /** The value of a numeric parameter, in double precision. */
        PARAMETER,
        /** An integer. */
        INTEGER,
        /** How many products stand for one in contractions of half precision: 1, or 3 for the accuracy of single. */
        PRODUCTS,
        /** How many blocks {@link #BLOCKS_OF_DEVICE} are. */
        BLOCKS
    }

    /**
     * An argument.
     *
     * @param name of what is pointed to or of the parameter; empty for numbers that launches give
     * @param value of an integer; 0 for all else
     */
    public record Argument(Kind kind, String name, int value) {
        public static Argument of(Kind kind, String name) {
            return new Argument(kind, name, 0);
        }

        public static Argument integer(int value) {
            return new Argument(Kind.INTEGER, "", value);
        }
    }
}

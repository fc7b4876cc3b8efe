package org.mcrc.runtime.engine.cuda;


/**
 * What an optimizer on a device works on, in double precision: the unknowns, and a ring that holds what was found in the
 * last evaluations.
 */
final class DeviceUnknowns {
    /** The numbers at the ring's head: of evaluations, whether it has ended, the least loss, whether that was the last. */
    static final int HEAD = 4;

    private final int count;
    private final int rows;
    private final int parts;
    private final Device.Buffer point;
    private final Device.Buffer gradient;
    private final Device.Buffer evaluated;
    private final Device.Buffer best;
    private final Device.Buffer ring;

    /**
     * @param memory where they are
     * @param count the number of unknowns
     * @param rows how many evaluations the ring holds
     * @param parts how many numbers the loss and its parts are
     */
    DeviceUnknowns(DeviceMemory memory, int count, int rows, int parts) {
        this.count = count;
        this.rows = rows;
        this.parts = parts;
        this.point = memory.numbers(count);
        this.gradient = memory.numbers(count);
        this.evaluated = memory.numbers(count);
        this.best = memory.numbers(count);
        this.ring = memory.numbers(ringLength());
    }

    int count() {
        return count;
    }

    int rows() {
        return rows;
    }

    int parts() {
        return parts;
    }

    /** The numbers in the ring: its head, then for each row the parts of the loss and 1 where all was finite. */
    int ringLength() {
        return HEAD + rows * (parts + 1);
    }

    /** Where the next evaluation is. */
    Device.Buffer point() {
        return point;
    }

    /** The gradient at that point, once it is evaluated. */
    Device.Buffer gradient() {
        return gradient;
    }

    /** Where the last evaluation was. */
    Device.Buffer evaluated() {
        return evaluated;
    }

    /** Where the loss was least. */
    Device.Buffer best() {
        return best;
    }

    Device.Buffer ring() {
        return ring;
    }
}

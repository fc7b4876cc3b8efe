package org.mcrc.runtime.engine.cuda;

import org.mcrc.runtime.optimize.LimitedMemoryBfgsSettings;

/**
 * {@link org.mcrc.runtime.optimize.LimitedMemoryBfgs} on a device. The recursion that gives the direction is done on inner
 * products, of which a step brings a few new ones, all found by one launch: its numbers differ from those of the host by
 * rounding.
 */
final class DeviceLbfgs implements DeviceOptimizer {
    /** As much as the kernels have room for in shared memory, less one. */
    static final int LONGEST_HISTORY = 127;

    private static final int STATE_BYTES = 512;
    /** The unknowns of a block that multiplies vectors: four for each thread, more where these would be too many blocks. */
    private static final int PART = 4 * THREADS;
    private static final int MOST_PARTS = 32;

    private final Device device;
    private final Device.Module module;
    private final DeviceUnknowns unknowns;
    private final LimitedMemoryBfgsSettings settings;
    private final boolean finiteOnly;
    /** One more than are remembered: the newest step is compared with all others before it is known whether it is kept. */
    private final int places;
    private final int part;
    private final int parts;
    private final Device.Buffer state;
    private final Device.Buffer order;
    private final Device.Buffer steps;
    private final Device.Buffer changes;
    private final Device.Buffer origin;
    private final Device.Buffer originGradient;
    private final Device.Buffer direction;
    private final Device.Buffer partial;
    private final Device.Buffer sums;
    private final Device.Buffer stepsByChanges;
    private final Device.Buffer changesByChanges;
    private final Device.Buffer shares;

    /**
     * @param memory where its state is
     * @param module the kernels of all optimizers
     */
    DeviceLbfgs(DeviceMemory memory, Device.Module module, DeviceUnknowns unknowns, LimitedMemoryBfgsSettings settings,
            boolean finiteOnly) {
        this.device = memory.device();
        this.module = module;
        this.unknowns = unknowns;
        this.settings = settings;
        this.finiteOnly = finiteOnly;
        int count = unknowns.count();
        places = settings.history() + 1;
        part = Math.max(PART, Math.ceilDiv(count, MOST_PARTS));
        parts = Math.ceilDiv(count, part);
        int vectors = 2 * places + 1;
        state = memory.bytes(STATE_BYTES);
        order = memory.bytes((long) places * Integer.BYTES);
        steps = memory.numbers((long) places * count);
        changes = memory.numbers((long) places * count);
        origin = memory.numbers(count);
        originGradient = memory.numbers(count);
        direction = memory.numbers(count);
        partial = memory.numbers(Math.max(3L * THREADS, 3L * vectors * parts));
        sums = memory.numbers(3L * vectors);
        stepsByChanges = memory.numbers((long) places * places);
        changesByChanges = memory.numbers((long) places * places);
        shares = memory.numbers(2L * places);
    }

    @Override
    public void begin() {
        device.launch(module, DeviceOptimizer.launch("lbfgs_begin", 1, 1, state, unknowns.ring(), order, places));
    }

    @Override
    public void advance(Device.Buffer losses) {
        int count = unknowns.count();
        device.launch(module, DeviceOptimizer.launch("lbfgs_measure", DeviceOptimizer.blocksOfSum(count), 1, state,
                unknowns.ring(), unknowns.rows(), unknowns.parts(), losses, unknowns.gradient(), direction, partial, count,
                finiteOnly ? 1 : 0, settings.firstStep()));
        device.launch(module, DeviceOptimizer.launch("lbfgs_multiply", 2 * places + 1, parts, state, unknowns.ring(), order,
                places, steps, changes, unknowns.point(), unknowns.gradient(), origin, originGradient, partial, sums,
                stepsByChanges, changesByChanges, shares, count, part, settings.firstStep()));
        device.launch(module, DeviceOptimizer.launch("lbfgs_move", DeviceOptimizer.blocks(count), 1, state, unknowns.ring(),
                order, places, steps, changes, shares, unknowns.point(), unknowns.gradient(), origin, originGradient,
                direction, unknowns.evaluated(), unknowns.best(), count));
    }
}

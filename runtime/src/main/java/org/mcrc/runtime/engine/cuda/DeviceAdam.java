package org.mcrc.runtime.engine.cuda;

import java.util.List;
import org.mcrc.runtime.optimize.AdamSettings;

/** {@link org.mcrc.runtime.optimize.Adam}, and the projection onto a box, on a device. */
final class DeviceAdam implements DeviceOptimizer {
    private static final int STATE_BYTES = 128;

    /**
     * Unknowns with a common range.
     *
     * @param low may be negative infinity
     * @param high may be positive infinity
     */
    record Range(int first, int count, double low, double high) {
    }

    private final Device device;
    private final Device.Module module;
    private final DeviceUnknowns unknowns;
    private final AdamSettings settings;
    private final boolean finiteOnly;
    private final List<Range> ranges;
    private final Device.Buffer state;
    private final Device.Buffer mean;
    private final Device.Buffer square;
    private final Device.Buffer partial;

    /**
     * @param memory where its state is
     * @param module the kernels of all optimizers
     * @param ranges of all unknowns
     */
    DeviceAdam(DeviceMemory memory, Device.Module module, DeviceUnknowns unknowns, AdamSettings settings, boolean finiteOnly,
            List<Range> ranges) {
        this.device = memory.device();
        this.module = module;
        this.unknowns = unknowns;
        this.settings = settings;
        this.finiteOnly = finiteOnly;
        this.ranges = List.copyOf(ranges);
        this.state = memory.bytes(STATE_BYTES);
        this.mean = memory.numbers(unknowns.count());
        this.square = memory.numbers(unknowns.count());
        this.partial = memory.numbers(THREADS);
    }

    @Override
    public void begin() {
        device.launch(module, DeviceOptimizer.launch("adam_begin", DeviceOptimizer.blocks(unknowns.count()), 1, state,
                unknowns.ring(), mean, square, unknowns.count()));
    }

    @Override
    public void advance(Device.Buffer losses) {
        device.launch(module, DeviceOptimizer.launch("adam_measure", DeviceOptimizer.blocksOfSum(unknowns.count()), 1, state,
                unknowns.ring(), unknowns.rows(), unknowns.parts(), losses, unknowns.gradient(), partial, unknowns.count(),
                finiteOnly ? 1 : 0, settings.learningRate(), settings.decay(), settings.beta1(), settings.beta2()));
        for (Range range : ranges) {
            device.launch(module, DeviceOptimizer.launch("adam_move", DeviceOptimizer.blocks(range.count()), 1, state,
                    unknowns.ring(), unknowns.point(), unknowns.gradient(), mean, square, unknowns.evaluated(),
                    unknowns.best(), range.first(), range.count(), range.low(), range.high(), settings.beta1(),
                    settings.beta2(), settings.epsilon()));
        }
    }
}

package org.mcrc.runtime.engine.cuda;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Memory of a device, and of the host for copies from and to it, that is given back all at once. */
final class DeviceMemory implements AutoCloseable {
    private final Device device;
    private final List<Device.Buffer> buffers = new ArrayList<>();
    private final List<ByteBuffer> ofHost = new ArrayList<>();

    /** @param device not closed by this */
    DeviceMemory(Device device) {
        this.device = device;
    }

    Device device() {
        return device;
    }

    /** Bytes on the device. */
    Device.Buffer bytes(long bytes) {
        Device.Buffer buffer = device.allocate(bytes);
        buffers.add(buffer);
        return buffer;
    }

    /** Numbers in double precision on the device. */
    Device.Buffer numbers(long count) {
        return bytes(Math.multiplyExact(count, Double.BYTES));
    }

    /** Numbers in double precision on the host, for copies. */
    ByteBuffer numbersOnHost(int count) {
        ByteBuffer memory = device.hostMemory(Math.multiplyExact(count, Double.BYTES));
        ofHost.add(memory);
        return memory;
    }

    @Override
    public void close() {
        buffers.forEach(Device.Buffer::close);
        ofHost.forEach(device::freeHostMemory);
        buffers.clear();
        ofHost.clear();
    }
}

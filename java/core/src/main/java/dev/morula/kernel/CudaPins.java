package dev.morula.kernel;

import java.util.ArrayList;
import java.util.List;

/** Holds the matrices of one call open, on the device, until it returns; as {@link Pins} does for the CPU. */
final class CudaPins implements AutoCloseable {
    private final CudaContext context;
    private final List<Pin> pins = new ArrayList<>();

    private record Pin(Memory held, DeviceCopy copy, Access access) {}

    CudaPins(CudaContext context) {
        this.context = context;
    }

    /** The address on the device of the first element of a matrix that is only read. */
    long read(Matrix matrix) {
        return of(matrix, Access.READ);
    }

    /** Of one that is changed, or written in part. */
    long update(Matrix matrix) {
        return of(matrix, Access.UPDATE);
    }

    /** Of one whose every element is written. */
    long overwrite(Matrix matrix) {
        return of(matrix, matrix.isAllOfItsMemory() ? Access.OVERWRITE : Access.UPDATE);
    }

    /** 0 for no matrix. */
    long readNullable(Matrix matrix) {
        return matrix == null ? 0 : read(matrix);
    }

    /** 0 for no matrix. */
    long updateNullable(Matrix matrix) {
        return matrix == null ? 0 : update(matrix);
    }

    private long of(Matrix matrix, Access access) {
        Memory memory = matrix.memory();
        long place = hold(memory, access);
        context.noteUse(memory, access, place);
        return place + (matrix.address() - memory.address());
    }

    /** The address on the device of the first byte of {@code memory}. */
    long hold(Memory memory, Access access) {
        DeviceCopy copy = memory.acquireOn(context, access);
        pins.add(new Pin(memory, copy, access)); // unpinned even if pinning fails half way: see pin()
        return copy.pin(access);
    }

    @Override
    public void close() {
        for (Pin pin : pins) {
            pin.copy().unpin(pin.access());
            pin.held().releaseOnDevice(pin.access());
        }
        pins.clear();
    }
}

package dev.morula.kernel;

import static dev.morula.kernel.CudaContext.check;

import java.util.LinkedHashMap;
import java.util.Map;

/** Calls of one thread: which matrices they use on the device, how, and where these are; and, recorded, what they do. */
final class CudaRecording implements AutoCloseable {
    private final CudaContext context;
    private final Map<Memory, Use> uses = new LinkedHashMap<>();
    private long recording; // 0 while there is none

    private record Use(Access access, long place) {
        /** The two, one after the other. */
        Use then(Use next) {
            boolean written = access == Access.READ && next.access != Access.READ;
            return new Use(written ? Access.UPDATE : access, next.place);
        }
    }

    CudaRecording(CudaContext context) {
        this.context = context;
    }

    /** Makes {@code calls} and remembers what they use. */
    void make(Runnable calls) {
        context.watch((memory, access, place) -> uses.merge(memory, new Use(access, place), Use::then), calls);
    }

    /** Puts all that is used on the device until {@code pins} are closed; false if something is not where it was. */
    boolean holdInPlace(CudaPins pins) {
        for (Map.Entry<Memory, Use> entry : uses.entrySet()) {
            Memory memory = entry.getKey();
            if (!memory.isOpen()
                    || pins.hold(memory, Access.READ) != entry.getValue().place()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Makes {@code calls}, of which the device only takes note; false if it cannot. What cannot be recorded may still be
     * done, and says what is wrong with it then.
     */
    boolean record(Runnable calls) {
        close();
        try (CudaPins pins = new CudaPins(context)) {
            return holdInPlace(pins)
                    && MorulaCudaLibrary.morula_cuda_record_begin(context.address()) == 0
                    && end(calls);
        }
    }

    private boolean end(Runnable calls) {
        boolean made = false;
        long[] recorded = {0};
        try {
            context.watch(this::require, calls);
            made = true;
        } catch (RuntimeException e) {
            // whatever it is, the calls are made again
        } finally {
            MorulaCudaLibrary.morula_cuda_record_end(context.address(), recorded);
            recording = recorded[0];
        }
        if (!made) {
            close();
        }
        return isThere();
    }

    /** What was not used before is not held, and may be elsewhere when the recording is repeated. */
    private void require(Memory memory, Access access, long place) {
        Use use = uses.get(memory);
        if (use == null || use.place() != place || use.access() == Access.READ && access != Access.READ) {
            throw new IllegalStateException("calls that are repeated use other matrices");
        }
    }

    boolean isThere() {
        return recording != 0;
    }

    /** Does what was recorded, with matrices in place. */
    void repeat() {
        try (CudaPins pins = new CudaPins(context)) {
            uses.forEach((memory, use) -> pins.hold(memory, use.access()));
            check(MorulaCudaLibrary.morula_cuda_repeat(context.address(), recording));
        }
        context.countRepetition();
    }

    @Override
    public void close() {
        MorulaCudaLibrary.morula_cuda_recording_destroy(recording);
        recording = 0;
    }
}

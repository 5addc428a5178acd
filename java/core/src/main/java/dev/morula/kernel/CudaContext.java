package dev.morula.kernel;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A GPU in use: its native context, and which blocks of host memory have a copy on it. Where device memory runs short,
 * copies that nobody uses just then are brought home, those first that were not used for longest. This object's lock
 * guards all its copies.
 */
final class CudaContext implements AutoCloseable {
    private static final long MOST_SPARED = 512L << 20; // bytes: some 25 MiB a thread are in use at most

    private final Set<DeviceCopy> copies = new LinkedHashSet<>(); // the least recently used first
    private final ThreadLocal<Watcher> watchers = new ThreadLocal<>();
    private long context; // 0 once closed
    private long repetitions;

    /** Hears of every use of a matrix by a call, and where it is on the device. */
    @FunctionalInterface
    interface Watcher {
        void used(Memory memory, Access access, long place);
    }

    /** The device with that index; {@code memoryLimit} bytes of its memory at most, or 0 for what is free. */
    CudaContext(int device, long memoryLimit) {
        long[] created = {0};
        check(MorulaCudaLibrary.morula_cuda_context_create(created, device, memoryLimit));
        context = created[0];
    }

    /** Throws what {@code status} and the GPU library's message say, unless it is success. */
    static void check(int status) {
        if (status != 0) {
            throw Natives.failure(status, MorulaCudaLibrary.morula_cuda_last_error());
        }
    }

    synchronized long address() {
        if (context == 0) {
            throw new IllegalStateException("these kernels were closed");
        }
        return context;
    }

    synchronized boolean isClosed() {
        return context == 0;
    }

    /** Bytes of device memory in use. */
    synchronized long usedBytes() {
        long[] used = {0};
        MorulaCudaLibrary.morula_cuda_memory(address(), used, new long[1]);
        return used[0];
    }

    /** Runs {@code calls}, of whose matrices {@code watcher} hears; of calls by other threads it does not. */
    void watch(Watcher watcher, Runnable calls) {
        watchers.set(watcher);
        try {
            calls.run();
        } finally {
            watchers.remove();
        }
    }

    void noteUse(Memory memory, Access access, long place) {
        Watcher watcher = watchers.get();
        if (watcher != null) {
            watcher.used(memory, access, place);
        }
    }

    synchronized void countRepetition() {
        repetitions++;
    }

    /** How often something recorded was repeated. */
    synchronized long repetitions() {
        return repetitions;
    }

    /** Device memory for {@code copy}; others make room for it, and for what calls take for their own time. */
    synchronized long allocate(DeviceCopy copy, long bytes) {
        long[] memory = {0};
        while (leavesTooLittle(bytes) && evictOne()) {
            // until enough is left, or all copies are in use
        }
        while (true) {
            try {
                check(MorulaCudaLibrary.morula_cuda_alloc(address(), memory, bytes));
                copies.add(copy);
                return memory[0];
            } catch (MorulaException e) {
                if (e.kind() != Kind.RESOURCES || !evictOne()) {
                    throw e;
                }
            }
        }
    }

    private boolean leavesTooLittle(long bytes) {
        long[] used = {0};
        long[] limit = {0};
        MorulaCudaLibrary.morula_cuda_memory(address(), used, limit);
        return bytes > limit[0] - Math.min(limit[0] / 8, MOST_SPARED) - used[0];
    }

    synchronized void free(DeviceCopy copy, long memory, long bytes) {
        copies.remove(copy);
        check(MorulaCudaLibrary.morula_cuda_free(address(), memory, bytes));
    }

    /** Notes that {@code copy} is the one that was used last. */
    synchronized void touch(DeviceCopy copy) {
        copies.remove(copy);
        copies.add(copy);
    }

    private boolean evictOne() {
        for (DeviceCopy copy : copies) {
            if (copy.evict()) {
                return true;
            }
        }
        return false;
    }

    /** Brings all copies home, so that the matrices outlive the device. */
    @Override
    public synchronized void close() {
        if (context == 0) {
            return;
        }
        while (evictOne()) {
            // one by one: each leaves the set
        }
        MorulaCudaLibrary.morula_cuda_context_destroy(context);
        context = 0;
    }
}

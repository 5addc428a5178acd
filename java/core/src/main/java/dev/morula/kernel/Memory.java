package dev.morula.kernel;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/** One block of native memory with a lifetime: users hold it open, close waits for them, a cleaner frees the forgotten. */
final class Memory {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Block block;
    private final long address;
    private final Cleaner.Cleanable cleanable;

    private Memory(long address, long base, long baseBytes) {
        this.address = address;
        this.block = new Block(base, baseBytes);
        this.cleanable = CLEANER.register(this, block);
    }

    static Memory allocate(long bytes) {
        Natives.require();
        long[] memory = {0};
        Natives.check(MorulaLibrary.morula_alloc(memory, bytes));
        return new Memory(memory[0], memory[0], bytes);
    }

    static Memory map(Path file, long offset, long bytes) {
        Natives.require();
        long[] memory = {0};
        long[] base = {0};
        long[] baseBytes = {0};
        Natives.check(MorulaLibrary.morula_map(memory, base, baseBytes, file.toString(), offset, bytes));
        return new Memory(memory[0], base[0], baseBytes[0]);
    }

    static Memory scratch(Path folder, long bytes) {
        Natives.require();
        long[] memory = {0};
        Natives.check(MorulaLibrary.morula_scratch(memory, folder.toString(), bytes));
        return new Memory(memory[0], memory[0], bytes);
    }

    long address() {
        return address;
    }

    boolean isAll(long from, long bytes) {
        return from == address && bytes == block.bytesFrom(address);
    }

    /** Keeps the memory open until {@link #release()}, for reading and writing on the host. */
    void acquire() {
        acquire(Access.UPDATE);
    }

    private void acquire(Access access) {
        DeviceCopy copy = block.acquire();
        if (copy != null) {
            bringHome(copy, access);
        }
    }

    private void bringHome(DeviceCopy copy, Access access) {
        try {
            copy.bringHome(access);
        } catch (RuntimeException e) {
            release();
            throw e;
        }
    }

    /** Keeps the memory open until {@link #release()}, for work on a device: returns its copy there. */
    DeviceCopy acquireOn(CudaContext context) {
        block.acquire();
        return block.copyOn(context, address);
    }

    void release() {
        block.release();
        Reference.reachabilityFence(this);
    }

    boolean isOpen() {
        return block.isOpen();
    }

    void requireOpen() {
        block.acquire();
        release();
    }

    void close() {
        block.closeWhenUnused();
        cleanable.clean();
    }

    void read(long from, float[] target, int offset, int length) {
        use(Access.READ, () -> new Floats(from, length).get(target, offset, length));
    }

    void read(long from, double[] target, int offset, int length) {
        use(Access.READ, () -> new Doubles(from, length).get(target, offset, length));
    }

    void read(long from, int[] target, int offset, int length) {
        use(Access.READ, () -> new Ints(from, length).get(target, offset, length));
    }

    void read(long from, long[] target, int offset, int length) {
        use(Access.READ, () -> new Longs(from, length).get(target, offset, length));
    }

    void read(long from, byte[] target, int length) {
        use(Access.READ, () -> new Bytes(from, length).get(target, 0, length));
    }

    void write(long to, float[] source, int offset, int length) {
        use(Access.UPDATE, () -> new Floats(to, length).put(source, offset, length));
    }

    void write(long to, double[] source, int offset, int length) {
        use(Access.UPDATE, () -> new Doubles(to, length).put(source, offset, length));
    }

    void write(long to, int[] source, int offset, int length) {
        use(Access.UPDATE, () -> new Ints(to, length).put(source, offset, length));
    }

    void write(long to, long[] source, int offset, int length) {
        use(Access.UPDATE, () -> new Longs(to, length).put(source, offset, length));
    }

    void write(long to, byte[] source, int length) {
        use(Access.UPDATE, () -> new Bytes(to, length).put(source, 0, length));
    }

    static void copy(Memory source, long from, Memory target, long to, long bytes) {
        target.use(
                Access.UPDATE,
                () -> source.use(
                        Access.READ, () -> Pointer.memcpy(new Bytes(to, bytes), new Bytes(from, bytes), bytes)));
    }

    private void use(Access access, Runnable copying) {
        acquire(access);
        try {
            copying.run();
        } finally {
            release();
        }
    }

    /** The state that outlives a forgotten {@link Memory}, so that the cleaner can free it. */
    private static final class Block implements Runnable {
        private final long base;
        private final long bytes;
        private int users;
        private boolean closed;
        private DeviceCopy copy; // null until a device wants one

        Block(long base, long bytes) {
            this.base = base;
            this.bytes = bytes;
        }

        long bytesFrom(long address) {
            return base + bytes - address;
        }

        /** Returns the copy on a device, if there is one. */
        synchronized DeviceCopy acquire() {
            if (closed) {
                throw new IllegalStateException("this matrix was closed");
            }
            users++;
            return copy;
        }

        synchronized boolean isOpen() {
            return !closed;
        }

        synchronized DeviceCopy copyOn(CudaContext context, long address) {
            if (copy != null && !copy.isOf(context)) {
                copy.bringHome(Access.READ);
                copy.discard();
                copy = null;
            }
            if (copy == null) {
                copy = new DeviceCopy(context, address, bytesFrom(address));
            }
            return copy;
        }

        synchronized void release() {
            if (--users == 0) {
                notifyAll();
            }
        }

        synchronized void closeWhenUnused() {
            closed = true;
            boolean interrupted = false;
            while (users > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true; // the caller is told later: freeing memory under a running kernel would crash
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void run() {
            if (copy != null) {
                copy.discard();
            }
            MorulaLibrary.morula_free(base, bytes);
        }
    }

    // Views of raw addresses for bulk copies. They own nothing and are dropped at once.

    private static final class Floats extends FloatPointer {
        Floats(long address, long length) {
            super((Pointer) null);
            this.address = address;
            this.limit = length;
            this.capacity = length;
        }
    }

    private static final class Doubles extends DoublePointer {
        Doubles(long address, long length) {
            super((Pointer) null);
            this.address = address;
            this.limit = length;
            this.capacity = length;
        }
    }

    private static final class Ints extends IntPointer {
        Ints(long address, long length) {
            super((Pointer) null);
            this.address = address;
            this.limit = length;
            this.capacity = length;
        }
    }

    private static final class Longs extends LongPointer {
        Longs(long address, long length) {
            super((Pointer) null);
            this.address = address;
            this.limit = length;
            this.capacity = length;
        }
    }

    private static final class Bytes extends BytePointer {
        Bytes(long address, long length) {
            super((Pointer) null);
            this.address = address;
            this.limit = length;
            this.capacity = length;
        }
    }
}

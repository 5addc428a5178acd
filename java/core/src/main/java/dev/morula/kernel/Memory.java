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

    /** Keeps the memory open until it is released, for such a use on the host. */
    void acquire(Access access) {
        DeviceCopy copy = block.acquire(access);
        if (copy != null) {
            bringHome(copy, access);
        }
    }

    private void bringHome(DeviceCopy copy, Access access) {
        try {
            copy.bringHome(access);
        } catch (RuntimeException e) {
            release(access);
            throw e;
        }
    }

    /** Ends what {@link #acquire} began. */
    void release(Access access) {
        block.release(access);
        Reference.reachabilityFence(this);
    }

    /** Keeps the memory open until it is released, for such a use on a device: returns its copy there. */
    DeviceCopy acquireOn(CudaContext context, Access access) {
        return block.acquireOn(context, access, address);
    }

    /** Ends what {@link #acquireOn} began. */
    void releaseOnDevice(Access access) {
        block.releaseOnDevice(access);
        Reference.reachabilityFence(this);
    }

    boolean isOpen() {
        return block.isOpen();
    }

    void requireOpen() {
        block.acquire(Access.READ);
        release(Access.READ);
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
            release(access);
        }
    }

    /** The state that outlives a forgotten {@link Memory}, so that the cleaner can free it. */
    private static final class Block implements Runnable {
        private final long base;
        private final long bytes;
        private int users;
        private int hostWriters; // of the users
        private int deviceWriters;
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
        synchronized DeviceCopy acquire(Access access) {
            requireNotClosed();
            if (access != Access.READ) {
                requireOneWritingSide(deviceWriters);
                hostWriters++;
            }
            users++;
            return copy;
        }

        synchronized boolean isOpen() {
            return !closed;
        }

        synchronized DeviceCopy acquireOn(CudaContext context, Access access, long address) {
            requireNotClosed();
            if (access != Access.READ) {
                requireOneWritingSide(hostWriters);
            }
            DeviceCopy there = copyOn(context, address);
            if (access != Access.READ) {
                deviceWriters++;
            }
            users++;
            return there;
        }

        private void requireNotClosed() {
            if (closed) {
                throw new IllegalStateException("this matrix was closed");
            }
        }

        /** Host and device hand over the whole matrix: of two that write at once, whichever part, one would be lost. */
        private void requireOneWritingSide(int writersOfTheOther) {
            if (writersOfTheOther > 0) {
                throw new IllegalStateException(
                        "this matrix is open for writing on a GPU and on the processor at the same time, which would "
                                + "lose what one of them writes, even in other rows: let one end before the other begins");
            }
        }

        private DeviceCopy copyOn(CudaContext context, long address) {
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

        synchronized void release(Access access) {
            if (access != Access.READ) {
                hostWriters--;
            }
            leave();
        }

        synchronized void releaseOnDevice(Access access) {
            if (access != Access.READ) {
                deviceWriters--;
            }
            leave();
        }

        private void leave() {
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

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

    /** Keeps the memory open until {@link #release()}. */
    void acquire() {
        block.acquire();
    }

    void release() {
        block.release();
        Reference.reachabilityFence(this);
    }

    void requireOpen() {
        acquire();
        release();
    }

    void close() {
        block.closeWhenUnused();
        cleanable.clean();
    }

    void read(long from, float[] target, int offset, int length) {
        use(() -> new Floats(from, length).get(target, offset, length));
    }

    void read(long from, double[] target, int offset, int length) {
        use(() -> new Doubles(from, length).get(target, offset, length));
    }

    void read(long from, int[] target, int offset, int length) {
        use(() -> new Ints(from, length).get(target, offset, length));
    }

    void read(long from, long[] target, int offset, int length) {
        use(() -> new Longs(from, length).get(target, offset, length));
    }

    void read(long from, byte[] target, int length) {
        use(() -> new Bytes(from, length).get(target, 0, length));
    }

    void write(long to, float[] source, int offset, int length) {
        use(() -> new Floats(to, length).put(source, offset, length));
    }

    void write(long to, double[] source, int offset, int length) {
        use(() -> new Doubles(to, length).put(source, offset, length));
    }

    void write(long to, int[] source, int offset, int length) {
        use(() -> new Ints(to, length).put(source, offset, length));
    }

    void write(long to, long[] source, int offset, int length) {
        use(() -> new Longs(to, length).put(source, offset, length));
    }

    void write(long to, byte[] source, int length) {
        use(() -> new Bytes(to, length).put(source, 0, length));
    }

    static void copy(Memory source, long from, Memory target, long to, long bytes) {
        target.use(() -> source.use(() -> Pointer.memcpy(new Bytes(to, bytes), new Bytes(from, bytes), bytes)));
    }

    private void use(Runnable access) {
        acquire();
        try {
            access.run();
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

        Block(long base, long bytes) {
            this.base = base;
            this.bytes = bytes;
        }

        synchronized void acquire() {
            if (closed) {
                throw new IllegalStateException("this matrix was closed");
            }
            users++;
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

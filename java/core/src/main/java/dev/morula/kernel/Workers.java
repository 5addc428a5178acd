package dev.morula.kernel;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * The thread budget of one engine: a fixed number of workers, passed in wherever work is split. Two engines in one JVM
 * have a budget each.
 */
public final class Workers implements AutoCloseable {
    /** Work on one part; {@code worker} is below {@link Workers#count()} and no two running parts share it. */
    @FunctionalInterface
    public interface Part {
        void run(long part, int worker) throws Exception;
    }

    /** Waking a sleeping thread takes 20 to 50 us; a training step hands work over every millisecond or so. */
    private static final long SPIN_NANOS = 50_000;

    private final int count;
    private final ExecutorService others;

    /** {@code count} threads in all, the caller of {@link #forEach} among them. */
    public Workers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a thread budget is at least 1, not " + count);
        }
        this.count = count;
        this.others = count == 1
                ? null
                : new ThreadPoolExecutor(count - 1, count - 1, 0, TimeUnit.SECONDS, new SpinningQueue(), runnable -> {
                    Thread thread = new Thread(runnable, "morula-worker");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** One worker a processor. */
    public static Workers all() {
        return new Workers(Runtime.getRuntime().availableProcessors());
    }

    public int count() {
        return count;
    }

    /**
     * Those that make calls of {@code kernels}: the calling thread alone where a call is given a whole operation, since to
     * hand it to another thread would take longer than to start it on the device. They need no closing of their own: a
     * single worker has no threads.
     */
    public Workers calling(Kernels kernels) {
        return kernels.computesWholeOperations() ? new Workers(1) : this;
    }

    /**
     * Runs parts 0 to {@code parts - 1}, each once, and returns when all are done. Parts are handed out in order to
     * whichever worker is free. The first failure stops the handing out and is thrown.
     */
    public void forEach(long parts, Part work) {
        Round round = new Round(parts, work);
        for (int worker = 1; worker < Math.min(count, parts); worker++) {
            int helper = worker;
            others.execute(() -> round.drain(helper));
        }
        round.drain(0);
        round.await();
        round.throwFailure();
    }

    /** One {@link #forEach}. A helper that starts after the last part was handed out does nothing and is not waited for. */
    private static final class Round {
        private final long parts;
        private final Part work;
        private final AtomicLong next = new AtomicLong();
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Round(long parts, Part work) {
            this.parts = parts;
            this.work = work;
        }

        void drain(int worker) {
            running.incrementAndGet(); // before a part is taken, so that nobody sees the work done while it is not
            try {
                for (long part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                    work.run(part, worker);
                }
            } catch (Exception | Error e) {
                failure.compareAndSet(null, e);
                next.set(parts);
            } finally {
                if (running.decrementAndGet() == 0) {
                    synchronized (this) {
                        notifyAll();
                    }
                }
            }
        }

        /** Waits for running helpers, since they use the caller's memory; an interrupt is kept for afterwards. */
        void await() {
            spinUntil(() -> running.get() == 0);
            boolean interrupted = false;
            synchronized (this) {
                while (running.get() > 0) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        void throwFailure() {
            Throwable thrown = failure.get();
            if (thrown instanceof Error error) {
                throw error;
            } else if (thrown instanceof RuntimeException exception) {
                throw exception;
            } else if (thrown != null) {
                throw new IllegalStateException(thrown.getMessage(), thrown);
            }
        }
    }

    /** Hands over work within microseconds to a worker that has been idle for less than {@link #SPIN_NANOS}. */
    private static final class SpinningQueue extends LinkedBlockingQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public Runnable take() throws InterruptedException {
            spinUntil(() -> !isEmpty());
            return super.take();
        }
    }

    /** Yields while it spins: where processors are fewer than threads, the one waited for may need this one. */
    private static void spinUntil(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - start < SPIN_NANOS) {
            Thread.yield();
        }
    }

    @Override
    public void close() {
        if (others != null) {
            others.shutdown();
        }
    }
}
